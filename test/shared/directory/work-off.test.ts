import { beforeEach, describe, expect, it } from '@jest/globals';
import { admit } from '../../../shared/account/admit.ts';
import { clientStateOf } from '../../../shared/directory/client-state.ts';
import type { DirectoryUser, Graph, GraphUnavailable, NotFound } from '../../../shared/directory/graph.ts';
import { receiveNotifications } from '../../../shared/directory/receive.ts';
import type { Directory } from '../../../shared/directory/work.ts';
import { workOffDirectoryEvents } from '../../../shared/directory/work-off.ts';
import { testApplication } from '../../support/application.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { type ScriptedQueue, scriptedQueue } from '../../support/scripted-queue.ts';
import { signinOf } from '../../support/signins.ts';
import { ALICE, accountProperties, BOB, failing, target } from '../../support/store.ts';

const TENANT = '11111111-2222-3333-4444-555555555555';
const OIDS = { alice: 'a11ce000-1111-4a11-8a11-0000000000a1', bob: 'b0b00000-2222-4b22-8b22-0000000000b2' };
const DOWN: GraphUnavailable = { outcome: 'graph-unavailable', reason: 'status-503', retryAfterSeconds: 0 };
const UNCHANGED: DirectoryUser = { accountEnabled: true, sessionsValidFrom: null };
const DISABLED: DirectoryUser = { accountEnabled: false, sessionsValidFrom: null };

let { application, store, queue } = testApplication();
let events: ScriptedQueue;
let users: Record<string, DirectoryUser | NotFound | GraphUnavailable>;
let directory: Directory;
beforeEach(async () => {
  ({ application, store, queue } = testApplication());
  events = scriptedQueue();
  users = {};
  const graph = { user: async (oid: string) => users[oid] ?? DOWN } as unknown as Graph;
  const clientState = clientStateOf(store.keyring, TENANT);
  directory = { tenant: TENANT, graph, events, endpoint: { url: 'https://app.example/events/graph', clientState } };
  await signIn('alice');
  await signIn('bob');
});

async function signIn(who: keyof typeof OIDS): Promise<void> {
  const { admission } = signinOf(store, { account: who === 'alice' ? ALICE : BOB, sid: `sid-${who}` });
  const byOid = target('oid', OIDS[who]);
  const { indexes, tombstones } = admission;
  await admit(store, { ...admission, indexes: [...indexes, byOid], tombstones: [...tombstones, byOid] });
}
const told = (...oids: string[]) => {
  const value = oids.map((id) => ({
    clientState: directory.endpoint.clientState.value,
    tenantId: TENANT,
    subscriptionId: TENANT,
    changeType: 'updated',
    resource: `Users/${id}`,
    resourceData: { id },
  }));
  return receiveNotifications(application, directory, { value }, store.ambient.now());
};
const deliver = () => workOffDirectoryEvents(application, directory, events.take());
const stands = () => [ALICE, BOB].map((account) => accountProperties(store, account) !== null);

describe('what the directory told', () => {
  it('is done for those whom Graph answers for, and waits for the others', async () => {
    await told(OIDS.alice, OIDS.bob);
    users = { [OIDS.bob]: DISABLED };
    expect(await deliver()).toMatchObject({ outcome: 'again', tries: 1, reason: 'status-503', attempts: [{}] });
    expect(stands()).toEqual([true, false]);
    users = { [OIDS.alice]: DISABLED };
    expect(await deliver()).toMatchObject({
      outcome: 'done',
      attempts: [{ receipt: { door: 'directory', sessions: 1 } }],
    });
    expect(stands()).toEqual([false, false]);
    expect(events.messages).toEqual([]);
  });

  it('holds nobody up for one of whom Graph never answers: at the next try the others come first', async () => {
    const [never, ...rest] = Array.from(
      { length: 50 },
      (_, at) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    );
    await told(String(never), ...rest, OIDS.alice);
    users = Object.fromEntries([...rest, OIDS.alice].map((oid) => [oid, DISABLED]));
    expect(await deliver()).toMatchObject({ outcome: 'again' });
    expect(stands()).toEqual([true, true]);
    expect(await deliver()).toMatchObject({ outcome: 'again' });
    expect(stands()).toEqual([false, true]);
  });

  it('waits as long as Graph asks it to, an hour at most', async () => {
    for (const [asked, waited] of [
      [40, 40],
      [900_000, 3_600],
    ] as const) {
      await told(OIDS.alice);
      users = { [OIDS.alice]: { ...DOWN, retryAfterSeconds: asked } };
      await deliver();
      expect(events.messages[0]?.delaySeconds).toBe(waited);
      events.take();
    }
  });

  it('is set aside after a day, and not before', async () => {
    await told(OIDS.alice);
    store.ambient.advance(24 * HOUR);
    expect(await deliver()).toMatchObject({ outcome: 'again' });
    store.ambient.advance(MINUTE);
    expect(await deliver()).toMatchObject({ outcome: 'given-up', reason: 'status-503' });
    expect(events.messages).toEqual([]);
  });

  it('stays with what brought it where it cannot be put back', async () => {
    await told(OIDS.alice);
    const message = events.take();
    events.up = false;
    expect(await workOffDirectoryEvents(application, directory, message)).toMatchObject({ outcome: 'not-returned' });
  });

  it('is left to the queue of sign-outs where the tables fail, and waits where that fails too', async () => {
    users = { [OIDS.alice]: DISABLED };
    failing(store, { table: 'accounts', name: 'remove' });
    await told(OIDS.alice);
    expect(await deliver()).toMatchObject({ outcome: 'done', attempts: [{ outcome: 'queued' }] });
    queue.up = false;
    await told(OIDS.alice);
    expect(await deliver()).toMatchObject({ outcome: 'again' });
    expect(stands()).toEqual([true, true]);
  });

  it('ends nobody who came back since, whenever it is done', async () => {
    await told(OIDS.alice);
    store.ambient.advance(HOUR);
    const revokedAt = store.ambient.now();
    store.ambient.advance(MINUTE);
    await signIn('alice');
    users = { [OIDS.alice]: { accountEnabled: true, sessionsValidFrom: revokedAt } };
    expect(await deliver()).toMatchObject({ attempts: [{ receipt: { sessions: 1 } }] });
    expect(stands()).toEqual([true, true]);
  });

  it.each([
    ['unchanged', null],
    ['revoked an hour before', HOUR],
  ])('is looked at once more where Graph was asked at once and has the user %s', async (_, ago) => {
    await told(OIDS.alice, OIDS.bob);
    const sessionsValidFrom = ago === null ? null : store.ambient.now() - ago;
    users = { [OIDS.alice]: { accountEnabled: true, sessionsValidFrom }, [OIDS.bob]: DISABLED };
    expect(await deliver()).toMatchObject({ outcome: 'done' });
    expect(stands()).toEqual([true, false]);
    expect(events.messages.map(({ delaySeconds }) => delaySeconds)).toEqual([120]);
    // By now the replicas know.
    store.ambient.advance(2 * MINUTE);
    users = { [OIDS.alice]: DISABLED };
    expect(await deliver()).toMatchObject({ outcome: 'done', attempts: [{ receipt: { sessions: 1 } }] });
    expect(stands()).toEqual([false, false]);
    expect(events.messages).toEqual([]);
  });

  it('is not looked at once more where Graph told of the revocation at once, and has one receipt', async () => {
    users = { [OIDS.alice]: { accountEnabled: true, sessionsValidFrom: store.ambient.now() + MINUTE / 2 } };
    store.ambient.advance(MINUTE);
    await told(OIDS.alice);
    expect(await deliver()).toMatchObject({ attempts: [{ receipt: { sessions: 1 } }] });
    expect(events.messages).toEqual([]);
  });

  it('has no receipt of a second look that ends nothing more', async () => {
    users = { [OIDS.alice]: { accountEnabled: true, sessionsValidFrom: store.ambient.now() + MINUTE / 2 } };
    store.ambient.advance(HOUR);
    await told(OIDS.alice);
    expect(await deliver()).toMatchObject({ attempts: [{ receipt: { sessions: 1 } }] });
    store.ambient.advance(2 * MINUTE);
    expect(await deliver()).toMatchObject({ outcome: 'done', attempts: [] });
    expect(stands()).toEqual([false, true]);
  });

  it('is looked at no third time, nor where Graph was asked late enough', async () => {
    users = { [OIDS.alice]: UNCHANGED };
    await told(OIDS.alice);
    await deliver();
    store.ambient.advance(2 * MINUTE);
    await deliver();
    expect(events.messages).toEqual([]);
    await told(OIDS.alice);
    store.ambient.advance(2 * MINUTE);
    await deliver();
    expect(events.messages).toEqual([]);
  });

  it('stays with what brought it where the second look finds no place in the queue', async () => {
    users = { [OIDS.alice]: UNCHANGED };
    await told(OIDS.alice);
    const message = events.take();
    events.up = false;
    expect(await workOffDirectoryEvents(application, directory, message)).toMatchObject({ outcome: 'not-returned' });
  });

  it('is nothing to another application, and is put back for it', async () => {
    await told(OIDS.alice);
    const { settings } = application;
    const other = { ...application, settings: { ...settings, op: { ...settings.op, clientId: 'fabrikam' } } };
    expect(await workOffDirectoryEvents(other, directory, events.take())).toMatchObject({ outcome: 'passed-on' });
    expect(events.messages).toHaveLength(1);
  });

  it.each(['not json', '{}', null, 17])('that is %j is unreadable', async (message) => {
    expect(await workOffDirectoryEvents(application, directory, message)).toEqual({ outcome: 'unreadable' });
  });

  it('goes into messages of a bounded size, each user once', async () => {
    const many = Array.from({ length: 250 }, (_, at) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`);
    expect(await told(...many, ...many)).toMatchObject({ outcome: 'queued', users: 250, dropped: 0 });
    expect(events.messages).toHaveLength(3);
    for (const { message } of events.messages) expect(message.length).toBeLessThan(48 * 1024);
  });
});
