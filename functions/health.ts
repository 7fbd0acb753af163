import { json } from '../shared/http/answers.ts';
import type { Settings } from '../shared/settings/settings.ts';
import { openDoors } from './doors/doors.ts';
import type { Trigger } from './edge.ts';

/**
 * `GET /health/ready`: whether storage and the OP's metadata can be had; 503 says which cannot, of several storage accounts by its place in the
 * settings. And which doors are open; once somebody has signed in here, whether the OP gave the optional claims that we go by; and by which
 * keys this instance seals and opens: a rotation has to wait until each of them knows a key. (No secret: every cookie shows the id of
 * its key, which is its name and nothing of it.)
 */
export const ready: Trigger = async ({ instance, application, places }) => {
  const [storage, op] = await Promise.all([places.ready(), application.op.get()]);
  const accounts = storage.map((one) => (one === 'ready' ? one : one.outcome));
  const parts = {
    storage: accounts.find((one) => one === 'unavailable') ?? 'ready',
    op: 'outcome' in op ? 'unavailable' : 'ready',
  };
  const allReady = Object.values(parts).every((part) => part === 'ready');
  const doors = openDoors(application.settings).map(({ door }) => door);
  const lastSignin = application.lastSignin.get();
  return json(allReady ? 200 : 503, {
    status: allReady ? 'ready' : 'unavailable',
    parts,
    ...(accounts.length > 1 && { storageAccounts: accounts }),
    doors,
    ...(lastSignin && { lastSignin }),
    instance,
    sessionKeys: keyIdsOf(application.settings),
    ...notBeforeOf(application.settings),
  });
};

/** Until every instance has it, one that has not believes what a failover has brought back. */
function notBeforeOf({ sessionsNotBefore }: Settings) {
  return sessionsNotBefore === null ? {} : { sessionsNotBefore: new Date(sessionsNotBefore).toISOString() };
}

function keyIdsOf({ sessionKeys, sessionAbsoluteMinutes }: Settings) {
  const [{ kid: seals }] = sessionKeys;
  // So long a key is still needed when it seals no more.
  return { seals, opens: sessionKeys.map(({ kid }) => kid), neededMinutes: sessionAbsoluteMinutes };
}
