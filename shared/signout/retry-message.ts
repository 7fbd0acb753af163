import { parseAccountKey } from '../account/account-key.ts';
import { parseSessionId } from '../account/session-record.ts';
import type { WorkKind } from '../durable/work-message.ts';
import { isTicket } from '../session/ticket.ts';
import type { SignOut } from './sign-out.ts';
import type { SessionProved } from './sign-out-own.ts';

/** What the queue of interrupted sign-outs holds. */
export const SIGN_OUT_WORK: WorkKind<SignOut> = {
  place: { purpose: 'signout-retry', subject: '', location: ['signout-retry'] },
  isWork: isSignOut,
};

function isSignOut(value: unknown): value is SignOut {
  if (typeof value !== 'object' || value === null) return false;
  const { receivedAt, asOf, scope } = value as Partial<Record<string, unknown>>;
  if (!Number.isSafeInteger(receivedAt) || (asOf !== undefined && !Number.isSafeInteger(asOf))) return false;
  return namesSomething(value) && (scope === 'account' || scope === 'session');
}

function namesSomething(value: Partial<Record<string, unknown>>): boolean {
  const { kind, index, unburied, account, sessionId, ticket, asker, proved } = value;
  switch (kind) {
    case 'target':
      return isFilled(index) && (unburied === undefined || unburied === true);
    case 'account':
      return isFilled(index) && parseAccountKey(account) !== null;
    case 'session':
      if (asker !== undefined && !isTicket(asker)) return false;
      return typeof sessionId === 'string' && parseSessionId(sessionId) !== null && parseAccountKey(account) !== null;
    case 'own':
      return isTicket(ticket) && (proved === null || isProved(proved));
    default:
      return false;
  }
}

/** By a proof of another form nobody would be named, and nothing would end that was promised to. */
function isProved(value: unknown): value is SessionProved {
  if (typeof value !== 'object' || value === null) return false;
  const { sessionId, sid, loginHint } = value as Partial<Record<keyof SessionProved, unknown>>;
  return (
    typeof sessionId === 'string' &&
    parseSessionId(sessionId) !== null &&
    (sid === undefined || sid === null || typeof sid === 'string') &&
    (loginHint === null || typeof loginHint === 'string')
  );
}

const isFilled = (value: unknown): boolean => typeof value === 'string' && value !== '';
