import { Browser, locationOf } from './browser.ts';
import type { ScriptedOp } from './scripted-op.ts';
import type { Answer } from './wire.ts';

export interface ComeBack {
  /** The authorization request. */
  readonly request: URL;
  /** The callback's answer. */
  readonly answer: Answer;
}

/**
 * Sets out at an application of a scripted OP, then comes back with a code, as if a person had signed in between.
 *
 * @param parameters of the callback, over or beside `code` and `state`
 * @param query of the sign-in's own address
 */
export async function comeBack(
  op: ScriptedOp,
  { origin }: { readonly origin: string },
  browser = new Browser(),
  parameters: Readonly<Record<string, string>> = {},
  query = '',
): Promise<ComeBack> {
  const setOut = await browser.navigate(`${origin}/auth/signin${query}`);
  const request = locationOf(setOut);
  if (request === null) throw new Error(`did not set out: ${setOut.status}`);
  op.expect(request.href);
  const state = request.searchParams.get('state') ?? '';
  const callback = new URLSearchParams({ code: 'a-code', state, ...parameters });
  const answer = await browser.navigate(`${origin}/auth/callback?${callback}`, new URL(op.issuer).origin);
  return { request, answer };
}
