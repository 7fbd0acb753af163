import type { Ask } from '../doctor/ask.ts';
import { refusalIn } from '../doctor/reply.ts';

/** What the operator door says of a person; `reason` in plain words where it says nothing. */
export type Standing =
  | { readonly account: 'stands' | 'gone' }
  | { readonly account: 'unseen'; readonly reason: string };

/** Looks whether anything stands of a person. */
export type Look = (objectId: string) => Promise<Standing>;

/**
 * @param token gives an operator's access token; asked each time, as it may have expired
 */
export function operatorLook(ask: Ask, origin: string, token: () => Promise<string>): Look {
  return async (objectId) => {
    const bearer = await token().catch(() => null);
    if (bearer === null) return { account: 'unseen', reason: 'no operator token can be had: az login?' };
    const reply = await ask(`${origin}/operator/users/${encodeURIComponent(objectId)}`, {
      headers: { authorization: `Bearer ${bearer}` },
    });
    if (reply.kind === 'unanswered') return { account: 'unseen', reason: reply.reason };
    if (reply.status === 200) return { account: 'stands' };
    const refusal = refusalIn(reply);
    if (refusal === 'nothing_stands') return { account: 'gone' };
    return { account: 'unseen', reason: refusal ?? `the operator door answers ${reply.status}` };
  };
}
