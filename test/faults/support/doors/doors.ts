import { newcomer, otherAccount, sameBrowser, secondDevice } from './callbacks.ts';
import { directory } from './directory.ts';
import type { Door } from './door.ts';
import { operatorByAccount, operatorByObjectId } from './operator.ts';
import { securityEvent } from './security-events.ts';
import { sessionEnd } from './session-ends.ts';
import { backChannel, backChannelBySub, frontChannel, own, ownWithoutQueue } from './sign-outs.ts';
import { api, refresh, renewal, session } from './uses.ts';

/** Every request that asks storage for something; first the one where a fault may have to wait for a lease to run out. */
export const DOORS: readonly Door[] = [
  refresh,
  frontChannel,
  backChannel,
  backChannelBySub,
  own,
  ownWithoutQueue,
  operatorByAccount,
  operatorByObjectId,
  securityEvent,
  directory,
  sessionEnd,
  newcomer,
  secondDevice,
  sameBrowser,
  otherAccount,
  api,
  renewal,
  session,
];
