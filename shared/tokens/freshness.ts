import type { AccessToken } from './token-client.ts';

/** A token is not sent in the last minute of its life, or the last twentieth where that is shorter: the call takes time, and clocks differ. */
const SEND_MARGIN_MILLISECONDS = 60_000;
const SEND_MARGIN_SHARE = 0.05;
/** A token of which the OP does not say when to renew it is due this long before its end, or at the last tenth of a shorter life. */
const DUE_MARGIN_MILLISECONDS = 5 * 60_000;
const DUE_MARGIN_SHARE = 0.1;

/** Whether a token has enough of its life left to be sent. */
export function isSendable(token: AccessToken, now: number): boolean {
  return now < token.expiresAt - margin(token, SEND_MARGIN_MILLISECONDS, SEND_MARGIN_SHARE);
}

/** Whether a token, good as it may be, ought to be replaced: from when the OP said (`refresh_in`), else shortly before its end. */
export function isDue(token: AccessToken, now: number): boolean {
  const dueAt = token.expiresAt - margin(token, DUE_MARGIN_MILLISECONDS, DUE_MARGIN_SHARE);
  return !(now < Math.min(dueAt, token.refreshAt ?? dueAt));
}

function margin({ obtainedAt, expiresAt }: AccessToken, most: number, share: number): number {
  return Math.min(most, (expiresAt - obtainedAt) * share);
}
