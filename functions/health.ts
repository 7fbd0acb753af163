import { json } from '../shared/http/answers.ts';
import { openDoors } from './doors/doors.ts';
import type { Trigger } from './edge.ts';

/** `GET /health/ready`: whether storage and the OP's metadata can be had; 503 says which cannot. And which doors are open. */
export const ready: Trigger = async ({ application, tables }) => {
  const [storage, op] = await Promise.all([tables.ready(), application.op.get()]);
  const parts = {
    storage: storage === 'ready' ? 'ready' : 'unavailable',
    op: 'outcome' in op ? 'unavailable' : 'ready',
  };
  const allReady = Object.values(parts).every((part) => part === 'ready');
  const doors = openDoors(application.settings).map(({ door }) => door);
  return json(allReady ? 200 : 503, { status: allReady ? 'ready' : 'unavailable', parts, doors });
};
