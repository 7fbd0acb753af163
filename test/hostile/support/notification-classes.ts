import fc from 'fast-check';
import { clientStateOf } from '../../../shared/directory/client-state.ts';
import { testKeyring } from '../../support/keyring.ts';
import { word } from './hostile-token.ts';
import { altered, attackBy, batch, type DirectoryScene, type Members, OBJECT_ID, posted } from './notifications.ts';
import type { Attack, AttackClass } from './siege.ts';

type Cases = fc.Arbitrary<Attack<DirectoryScene>>;

const DAY = 24 * 3_600_000;
const OTHER_TENANT = '11111111-2222-3333-4444-555555555555';

const changed = (changes: fc.Arbitrary<Members>): Cases => changes.map(altered);
const changedBy = (changes: fc.Arbitrary<{ what: string; of(good: Members): Members }>): Cases =>
  changes.map(({ what, of }) => attackBy(what, (good) => posted(batch({ ...good, ...of(good) }))));

const state = (what: string, of: (good: string) => unknown) => ({
  what: `clientState ${what}`,
  of: ({ clientState }: Members) => ({ clientState: of(String(clientState)) }),
});

const forgedStates = changedBy(
  fc.oneof(
    word.map((other) => state(other, () => other)),
    fc.nat(200).map((at) => state(`cut at ${at}`, (good) => good.slice(0, at % good.length))),
    fc
      .nat(200)
      .map((at) =>
        state(
          `another character at ${at}`,
          (good) => `${good.slice(0, at % good.length)}~${good.slice((at % good.length) + 1)}`,
        ),
      ),
    fc.integer({ min: 1, max: 4_096 }).map((more) => state(`${more} longer`, (good) => `${good}${'x'.repeat(more)}`)),
    fc.constantFrom(
      state('a blank after', (good) => `${good} `),
      state('a zero byte after', (good) => `${good}\0`),
      state('a blank before', (good) => ` ${good}`),
      state('twice', (good) => good + good),
      state("another tenant's", () => clientStateOf(testKeyring(), OTHER_TENANT).value),
      state("another key's", () => clientStateOf(testKeyring(['k9']), '72f988bf-86f1-41af-91ab-2d7cd011db47').value),
      state('that it is known by in an address', () => clientStateOf(testKeyring(), OTHER_TENANT).fingerprint),
    ),
  ),
);

const missingStates = changedBy(
  fc
    .tuple(
      fc.constantFrom(
        state('missing', () => undefined),
        state('null', () => null),
        state('empty', () => ''),
        state('true', () => true),
        state('0', () => 0),
        state('a list', (good) => [good]),
        state('an object', (good) => ({ value: good })),
        state('in characters', (good) => [...good]),
      ),
      word,
      fc.constantFrom('ClientState', 'client_state', 'clientstate', '__proto__', 'constructor', 'beside'),
    )
    .map(([{ what, of }, value, name]) => ({
      what: `${what}, ${name} ${value}`,
      // JSON makes a member of its own of `__proto__`, as a literal would not.
      of: (good) => ({ ...of(good), ...JSON.parse(JSON.stringify({ [`x${name}`]: value }).replace('"x', '"')) }),
    })),
);

const guid = fc.uuid();
const otherTenants = changed(
  fc.oneof(
    guid.map((tenantId) => ({ tenantId })),
    fc
      .tuple(fc.constantFrom<unknown>(undefined, null, '', 0, [], {}, 'common', '*', OTHER_TENANT), word)
      .map(([tenantId, x]) => ({ tenantId, x })),
    word.map((tenantId) => ({ tenantId })),
  ),
);

const oddResources = changed(
  fc.oneof(
    word.map((id) => ({ resource: `Users/${id}`, resourceData: { id } })),
    guid.map((id) => ({ resourceData: { id } })),
    guid.map((id) => ({ resource: `Users/${id}` })),
    fc
      .constantFrom('groups/', 'me/', '/Users//', 'https://graph.microsoft.com/v1.0/users/', 'Users(', 'Users%2F', '')
      .map((prefix) => ({ resource: `${prefix}${OBJECT_ID}` })),
    fc
      .constantFrom('/', '/messages', ' ', '%00', '\0', '?x=1', '/../b0b', "')")
      .map((suffix) => ({ resource: `Users/${OBJECT_ID}${suffix}` })),
    fc
      .constantFrom<unknown>(undefined, null, [], '', OBJECT_ID, { id: null }, { id: [OBJECT_ID] }, {})
      .map((resourceData) => ({ resourceData })),
    fc.constantFrom<unknown>(undefined, null, 1, ['Users', OBJECT_ID], {}).map((resource) => ({ resource })),
    fc.integer({ min: 200, max: 20_000 }).map((length) => ({ resource: `Users/${'a'.repeat(length)}` })),
  ),
);

const oddChanges = changed(
  fc.oneof(
    word.map((changeType) => ({ changeType })),
    fc
      .constantFrom<unknown>(undefined, null, '', 'created', 'Updated', 'updated,deleted', ['updated'], 1)
      .chain((changeType) => word.map((x) => ({ changeType, x }))),
    word.map((lifecycleEvent) => ({ lifecycleEvent })),
    fc
      .constantFrom<unknown>('Missed', 'missed ', '', 1, ['missed'], {})
      .chain((lifecycleEvent) => word.map((x) => ({ lifecycleEvent, x }))),
    fc
      .constantFrom<unknown>(undefined, null, '', 1, 'a', [OBJECT_ID])
      .chain((subscriptionId) => word.map((x) => ({ subscriptionId, x }))),
  ),
);

/** Graph delivers for four hours at most. */
const stale: Cases = fc.oneof(
  fc.integer({ min: 4 * 3_600_000 + 1, max: 3_650 * DAY }).map((ago) => ({
    what: `of a subscription that ended ${ago} ms ago`,
    make: (scene: DirectoryScene) => {
      const subscriptionExpirationDateTime = new Date(scene.ground.store.ambient.now() - ago).toISOString();
      return altered({ subscriptionExpirationDateTime }).make(scene);
    },
  })),
  changed(
    word.map((subscriptionExpirationDateTime) => ({
      subscriptionExpirationDateTime: `${subscriptionExpirationDateTime} x`,
    })),
  ),
);

/** What is wrong with one notification. Whoever sent it learns nothing of that: the batch is taken, and it is not. */
export const notificationClasses: Record<string, AttackClass<DirectoryScene>> = {
  'forged clientState': { status: 202, cases: forgedStates },
  'no clientState, or of another form': { status: 202, cases: missingStates },
  "another tenant's": { status: 202, cases: otherTenants },
  'odd resources and ids': { status: 202, cases: oddResources },
  'odd changes and lifecycle events': { status: 202, cases: oddChanges },
  stale: { status: 202, cases: stale },
};
