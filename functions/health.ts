import { json } from '../shared/http/answers.ts';
import { openDoors } from './doors/doors.ts';
import type { Trigger } from './edge.ts';

/**
 * `GET /health/ready`: whether storage and the OP's metadata can be had; 503 says which cannot, of several storage accounts by its place in the
 * settings. And which doors are open; and, once somebody has signed in here, whether the OP gave the optional claims that we go by.
 */
export const ready: Trigger = async ({ application, places }) => {
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
  });
};
