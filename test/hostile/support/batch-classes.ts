import { expect } from '@jest/globals';
import fc from 'fast-check';
import { word } from './hostile-token.ts';
import {
  altered,
  attackBy,
  batch,
  type DirectoryScene,
  goodNotification,
  type Members,
  posted,
} from './notifications.ts';
import type { AttackClass } from './siege.ts';
import { telling } from './telling.ts';

/** As much as a megabyte, and the pieces that pass it. */
const BODY_BYTES_MAX = 1024 * 1024;
const PIECE_BYTES = 2 * 16 * 1024;
const SOON_MILLISECONDS = 60_000;

const huge = fc
  .record({ bytes: fc.integer({ min: BODY_BYTES_MAX, max: 3 * BODY_BYTES_MAX }), inside: fc.boolean() })
  .map(({ bytes, inside }) =>
    attackBy(`${bytes} bytes ${inside ? 'in a member' : 'of white space'}`, (good) =>
      posted(inside ? batch({ ...good, padding: 'x'.repeat(bytes) }) : `${batch(good)}${' '.repeat(bytes)}`),
    ),
  );

const deep = fc
  .record({ depth: fc.integer({ min: 17, max: 100_000 }), objects: fc.boolean(), where: fc.nat(3) })
  .map(({ depth, objects, where }) => {
    const [open, close] = objects ? ['{"value":', '}'] : ['[', ']'];
    const nested = (core: string): string => `${open.repeat(depth)}${core}${close.repeat(depth)}`;
    const inMember = (good: Members, name: string, core: string): string =>
      batch({ ...good, [name]: '' }).replace(`"${name}":""`, () => `"${name}":${nested(core)}`);
    const bodies: Record<number, (good: Members) => string> = {
      0: (good) => nested(batch(good)),
      1: (good) => `{"value":[${nested(JSON.stringify(good))}]}`,
      2: (good) => inMember(good, 'clientState', JSON.stringify(good.clientState)),
      3: (good) => inMember(good, 'resourceData', JSON.stringify(good.resourceData)),
    };
    return attackBy(
      `${depth} deep, ${objects ? 'objects' : 'lists'}, ${where}`,
      (good) => posted(bodies[where]?.(good) ?? ''),
      where === 0 ? 400 : 202,
    );
  });

const SECURING = ['clientState', 'tenantId', 'resource', 'resourceData', 'changeType', 'subscriptionId'];

/** The last counts, for this reader as for most: the good one, which nobody else can send, is not the last. */
const duplicated = fc
  .record({ name: fc.constantFrom(...SECURING), other: word, escaped: fc.boolean(), whole: fc.boolean() })
  .map(({ name, other, escaped, whole }) =>
    attackBy(`${whole ? 'value' : name} twice, then ${other}`, (good) => {
      if (whole) return posted(`${batch(good).slice(0, -1)},"value":["${other}"]}`);
      const second = escaped ? `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}` : name;
      return posted(`{"value":[${JSON.stringify(good).slice(0, -1)},"${second}":"${other}"}]}`);
    }),
  );

const WRONG_TYPES = ['', 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'text/json', 'json'];
const wrongTypes = fc.tuple(fc.oneof(fc.constantFrom(...WRONG_TYPES), word), word).map(([type, name]) =>
  attackBy(`content type ${type}`, (good) => {
    const body = type.includes('form') ? `${name}=${encodeURIComponent(batch(good))}` : batch(good);
    return { ...posted(body), headers: type === '' ? {} : { 'content-type': type } };
  }),
);

const noBatches = fc
  .oneof(
    fc.constantFrom(
      '',
      'null',
      '[]',
      '{}',
      '0',
      '""',
      '{"value":null}',
      '{"value":{}}',
      '{"value":"[]"}',
      '{"Value":[]}',
    ),
    word,
    word.map((name) => `{"${name}":[]}`),
    fc.nat(200).map((at) => `{"value":[{"clientState":"a-client-state-that-breaks-off","x":"${'y'.repeat(at)}`),
  )
  .map((body) => attackBy(`body ${body}`, () => posted(body)))
  .chain((one) => fc.constantFrom(one, { ...one, make: (scene: DirectoryScene) => cutShort(scene) }));

const cutShort = (scene: DirectoryScene) => {
  const whole = batch(goodNotification(scene));
  return { sent: posted(whole.slice(0, -1 - (whole.length % 7))), secrets: [] };
};

const handshakes = fc
  .oneof(
    fc.tuple(word, word).map(([one, two]) => `validationToken=${one}&validationToken=${two}`),
    word.map((one) => `validationToken=${one}&validationToken=${one}`),
    word.map((one) => `validationToken=&${one}=1`),
    word.map((one) => `validationToken=${one}%00`),
    word.map((one) => `validationToken=${one}%0d%0aset-cookie:%20${one}=1`),
    fc.integer({ min: 1_025, max: 20_000 }).map((length) => `validationToken=${'v'.repeat(length)}`),
  )
  .map((query) => ({
    what: query.slice(0, 80),
    make: (scene: DirectoryScene) => ({
      sent: posted(batch(goodNotification(scene)), `?${query}`),
      secrets: telling([...new URLSearchParams(query).values()]),
    }),
  }));

const BAD: readonly Members[] = [
  { clientState: 'another' },
  { clientState: undefined },
  { tenantId: '11111111-2222-3333-4444-555555555555' },
  { resource: 'groups/1' },
  { changeType: 'created' },
  { lifecycleEvent: 'unheard-of' },
];

const oneGood = fc
  .record({
    before: fc.array(fc.constantFrom(...BAD), { maxLength: 40 }),
    after: fc.array(fc.constantFrom(...BAD), { maxLength: 40 }),
    junk: fc.array(fc.constantFrom<unknown>(null, 0, '', [], 'x'), { minLength: 1, maxLength: 5 }),
  })
  .map(({ before, after, junk }) =>
    attackBy(`${before.length} before, ${after.length} after`, (good) => {
      const bad = (changes: Members) => ({ ...good, ...changes });
      return posted(batch(...before.map(bad), ...junk, good, ...after.map(bad)));
    }),
  );

/** What is wrong with all that was posted, and batches that are good in part. */
export const batchClasses: Record<string, AttackClass<DirectoryScene>> = {
  huge: { status: 400, bodyBytesMax: BODY_BYTES_MAX + PIECE_BYTES, cases: huge },
  'deep JSON': { status: 202, bodyBytesMax: BODY_BYTES_MAX + PIECE_BYTES, cases: deep },
  'duplicated JSON members': { status: 202, cases: duplicated },
  'wrong content type': { status: 400, cases: wrongTypes },
  'no batch': { status: 400, cases: noBatches },
  'validationToken twice, or malformed': { status: 400, cases: handshakes, bodyBytesMax: 0 },
  'one good among bad': {
    status: 202,
    cases: oneGood,
    // The good one is carried out, and the others are not even asked about.
    async after(scene) {
      expect(scene.waiting()).toBe(1);
      scene.revoke();
      await scene.workOff();
      expect(scene.victim.stands()).toBe(false);
      scene.ground.store.ambient.advance(SOON_MILLISECONDS);
      await scene.signInAgain();
    },
  },
  replayed: {
    status: 202,
    async before(scene) {
      scene.revoke();
      scene.ground.store.ambient.advance(SOON_MILLISECONDS);
      await scene.signInAgain();
    },
    cases: fc.tuple(fc.nat(1_000), fc.integer({ min: 1, max: 30 })).map(([later, times]) => ({
      what: `${times} times, ${later} ms later`,
      make(scene) {
        scene.ground.store.ambient.advance(later);
        const again = altered({}).make(scene);
        const good = goodNotification(scene);
        return { ...again, sent: posted(batch(...Array.from({ length: times }, () => good))) };
      },
    })),
    // Whoever has signed in since the revocation stays, however often it is told of.
    async after(scene) {
      expect(scene.waiting()).toBe(1);
      await scene.workOff();
      expect(scene.victim.stands()).toBe(true);
    },
  },
};
