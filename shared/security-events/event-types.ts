const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';
const SSF = 'https://schemas.openid.net/secevent/ssf/event-type/';

/** What an event means here: how much of its subject ends, or why nothing does. */
export type EventMeaning =
  /** `session`: the one session, where the subject names one; `account`: all of the person's. */
  | { readonly ends: 'session' | 'account' }
  | { readonly ends: null; readonly why: 'verification' | 'stream-updated' | 'credential-created' | 'event-type' };

const ENDS = new Map<string, 'session' | 'account'>([
  [`${CAEP}session-revoked`, 'session'],
  [`${CAEP}credential-change`, 'account'],
  [`${RISC}sessions-revoked`, 'account'],
  [`${RISC}account-disabled`, 'account'],
  [`${RISC}account-purged`, 'account'],
  [`${RISC}credential-compromise`, 'account'],
]);

/**
 * Says what an event means here. Types that are not known end nothing, and are no mistake of the transmitter's.
 *
 * @param type the event type's URI
 * @see CAEP 1.0 section 3; RISC 1.0 section 2; Shared Signals Framework 1.0 sections 8.1.4.1 and 8.1.5
 */
export function meaningOf(type: string, payload: Readonly<Record<string, unknown>>): EventMeaning {
  if (type === `${SSF}verification`) return { ends: null, why: 'verification' };
  if (type === `${SSF}stream-updated`) return { ends: null, why: 'stream-updated' };
  const ends = ENDS.get(type);
  if (ends === undefined) return { ends: null, why: 'event-type' };
  // One more passkey takes nothing away. All else, what is not said and what is not known too, may be an intruder put out.
  if (type === `${CAEP}credential-change` && payload.change_type === 'create')
    return { ends: null, why: 'credential-created' };
  return { ends };
}
