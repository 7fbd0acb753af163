import { beforeEach, describe, expect, it } from '@jest/globals';
import type { UpstreamAnswer, UpstreamCall } from '../../../shared/gateway/upstream.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { type Caller, createCaller, GRAPH, signedInCaller } from '../../support/api-calls.ts';
import { type ScriptedTokenClient, scriptedCache, scriptedTokenClient } from '../../support/scripted-token-client.ts';
import { signIn } from '../../support/signins.ts';
import type { TestStore } from '../../support/store.ts';

const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
const CHALLENGE = `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(CLAIMS).toString('base64')}"`;
const DOWN = { outcome: 'op-unavailable', reason: 'network_error' } as const;
const INTERACTION = { outcome: 'interaction-required', reason: 'interaction_required' } as const;

let store: TestStore;
let tokens: ScriptedTokenClient;
let caller: Caller;
let ticket: SessionTicket;
beforeEach(async () => {
  ({ store, tokens, caller, ticket } = await signedInCaller());
  // The first token is got by a call that the API takes.
  await caller.call(ticket);
  expect(caller.lastToken()).toBe('access-token-1');
});

async function* nothing(): AsyncIterable<Uint8Array> {}
const answer = (status: number, wwwAuthenticate?: string): UpstreamAnswer => ({
  outcome: 'answered',
  status,
  headers: { ...(wwwAuthenticate !== undefined && { 'www-authenticate': wwwAuthenticate }) },
  body: nothing(),
  discard: () => {},
});
const tokenOf = ({ headers }: UpstreamCall) => headers.authorization?.replace('Bearer ', '') ?? '';
/** The API takes none of these tokens any more. */
const refuses = (refused: readonly string[] | 'all', wwwAuthenticate?: string, by: Caller = caller) => {
  by.respond = (call) =>
    refused === 'all' || refused.includes(tokenOf(call)) ? answer(401, wwwAuthenticate) : answer(200);
};
const call = (by: Caller = caller) => by.call(ticket);
const spent = () => tokens.redemptions() - 1;

describe('a token that the API takes no longer', () => {
  it('is replaced, and the call sent again: the caller sees nothing of it', async () => {
    refuses(['access-token-1']);
    expect(await call()).toMatchObject({ outcome: 'answered', status: 200 });
    expect(caller.sent.slice(-2).map(tokenOf)).toEqual(['access-token-1', 'access-token-2']);
    expect(spent()).toBe(1);
  });

  it('leaves the new one to the calls that follow', async () => {
    refuses(['access-token-1']);
    await call();
    await call();
    expect(caller.lastToken()).toBe('access-token-2');
    expect(spent()).toBe(1);
  });

  it('is replaced once for a hundred calls at the same moment, over two instances', async () => {
    const twin = createCaller(store, tokens);
    await call(twin);
    refuses(['access-token-1']);
    refuses(['access-token-1'], undefined, twin);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => call(at % 2 === 0 ? caller : twin)));
    expect(answers.every((each) => each.outcome === 'answered' && each.status === 200)).toBe(true);
    expect(spent()).toBe(1);
  });

  it('is looked for in storage by one of a hundred calls of an instance, whatever the OP takes', async () => {
    refuses(['access-token-1']);
    tokens.during = () => store.ambient.sleep(5_000);
    const { accounts } = store.tables;
    const read = accounts.read.bind(accounts);
    let reads = 0;
    accounts.read = (...key) => {
      reads += 1;
      return read(...key);
    };
    await Promise.all(Array.from({ length: 100 }, () => call()));
    // Each reads its session, as every call does.
    expect(reads).toBeLessThan(110);
  });

  it('by an API that takes none at all costs one redemption, and no more with calls that follow', async () => {
    refuses('all');
    const answers = await Promise.all(Array.from({ length: 20 }, () => call()));
    for (let calls = 0; calls < 5; calls += 1) answers.push(await call());
    for (const each of answers) expect(each).toMatchObject({ outcome: 'answered', status: 401 });
    expect(spent()).toBe(1);
    const before = caller.sent.length;
    await call();
    expect(caller.sent.length).toBe(before + 1);
  });

  it('whose replacement was taken is replaced again when that one is refused in its turn', async () => {
    refuses(['access-token-1']);
    await call();
    refuses(['access-token-1', 'access-token-2']);
    expect(await call()).toMatchObject({ outcome: 'answered', status: 200 });
    expect(caller.lastToken()).toBe('access-token-3');
    expect(spent()).toBe(2);
  });

  it('again and again, by an API that takes each new one for a while, is replaced a few times and then its answer is heard', async () => {
    const took = new Set<string>();
    // Each call is refused once, and its repetition taken: of two nodes one may be broken.
    caller.respond = (sent) => {
      const token = tokenOf(sent);
      if (took.delete(token)) return answer(401);
      took.add(token);
      return answer(200);
    };
    took.add('access-token-1');
    for (let calls = 0; calls < 40; calls += 1) await call();
    expect(spent()).toBe(4);
    expect((await call()).outcome).toBe('answered');
    // A while later it may be worth trying again.
    store.ambient.advance(10 * 60_000);
    for (let calls = 0; calls < 40; calls += 1) await call();
    expect(spent()).toBe(8);
  });

  it('again and again for other claims each time, is replaced a few times, and then they lead to a sign-in', async () => {
    let nonce = 0;
    const took = new Set(['access-token-1']);
    caller.respond = (sent) => {
      const token = tokenOf(sent);
      if (!took.delete(token)) {
        took.add(token);
        return answer(200);
      }
      nonce += 1;
      const claims = Buffer.from(`{"access_token":{"nbf":{"value":"${nonce}"}}}`).toString('base64');
      return answer(401, `Bearer error="insufficient_claims", claims="${claims}"`);
    };
    const answers = [];
    for (let calls = 0; calls < 40; calls += 1) answers.push(await call());
    expect(spent()).toBe(4);
    expect(answers).toContainEqual(expect.objectContaining({ code: 'claims_required' }));
  });

  it('is not asked for at an OP that is down with every call, and is when that is over', async () => {
    refuses(['access-token-1']);
    tokens.failure = DOWN;
    expect(await call()).toMatchObject({ outcome: 'refused', code: 'op_unavailable' });
    expect(await call()).toMatchObject({ outcome: 'answered', status: 401 });
    expect(spent()).toBe(1);
    tokens.failure = undefined;
    store.ambient.advance(30_000);
    expect(await call()).toMatchObject({ outcome: 'answered', status: 200 });
  });

  it('whose refresh token is dead ends the session', async () => {
    refuses('all');
    tokens.failure = { outcome: 'grant-dead', reason: 'invalid_grant' };
    expect(await call()).toMatchObject({ outcome: 'refused', code: 'session_required' });
    expect(await call()).toMatchObject({ outcome: 'refused', code: 'session_required' });
    expect(caller.sent).toHaveLength(2);
  });

  it('for which the OP wants the person leads to a sign-in, with each call, and asks the OP once', async () => {
    refuses('all');
    tokens.failure = INTERACTION;
    const expected = { outcome: 'refused', code: 'consent_required' };
    expect(await call()).toMatchObject(expected);
    expect(await call()).toMatchObject(expected);
    expect(spent()).toBe(1);
  });

  it('of a session that is signed out while it is replaced is sent no more, and nor is the new one', async () => {
    refuses(['access-token-1']);
    tokens.during = async () => {
      await signOutOwn(store, ticket, store.ambient.now(), 'account');
    };
    expect(await call()).toMatchObject({ outcome: 'refused', code: 'session_required' });
    expect(caller.lastToken()).toBe('access-token-1');
    expect(tokens.revoked).toHaveLength(1);
  });

  it('is not replaced out of memory where the session was signed out while the API took its time', async () => {
    refuses(['access-token-1']);
    const { respond } = caller;
    caller.respond = async (sent) => {
      caller.respond = respond;
      // Another call has got another token, and then the person signs out.
      await call();
      expect(caller.lastToken()).toBe('access-token-2');
      await signOutOwn(store, ticket, store.ambient.now(), 'account');
      return respond?.(sent) ?? answer(200);
    };
    expect(await call()).toMatchObject({ outcome: 'refused', code: 'session_required' });
    expect(caller.sent.slice(-3).map(tokenOf)).toEqual(['access-token-1', 'access-token-1', 'access-token-2']);
  });

  it('counts with all that was waited for in the time that an answer has', async () => {
    refuses(['access-token-1']);
    tokens.during = async () => store.ambient.advance(9_000);
    await call();
    const [first, second] = caller.sent.slice(-2).map(({ limits }) => limits.answerMilliseconds ?? 0);
    expect([first, second]).toEqual([200_000, 191_000]);
  });

  it('after all of that time is not sent again', async () => {
    caller.respond = () => {
      store.ambient.advance(200_000);
      return answer(401);
    };
    expect(await call()).toMatchObject({ outcome: 'refused', code: 'api_timeout' });
    expect(caller.sent).toHaveLength(2);
  });

  it('leaves a 403 as it is', async () => {
    caller.respond = () => answer(403, 'Bearer error="insufficient_scope"');
    expect(await call()).toMatchObject({ outcome: 'answered', status: 403 });
    expect(spent()).toBe(0);
  });
});

describe('a claims challenge of the API', () => {
  it('is met silently where the OP does so: the caller sees nothing of it', async () => {
    refuses(['access-token-1'], CHALLENGE);
    expect(await call()).toMatchObject({ outcome: 'answered', status: 200 });
    expect(tokens.claimed).toEqual([null, CLAIMS]);
  });

  it('is met once for a hundred calls at the same moment, over two instances', async () => {
    const twin = createCaller(store, tokens);
    await call(twin);
    refuses(['access-token-1'], CHALLENGE);
    refuses(['access-token-1'], CHALLENGE, twin);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => call(at % 2 === 0 ? caller : twin)));
    expect(answers.every((each) => each.outcome === 'answered' && each.status === 200)).toBe(true);
    expect(spent()).toBe(1);
  });

  it('that the OP does not meet silently leads to a sign-in with the claims, and asks the OP once', async () => {
    refuses('all', CHALLENGE);
    tokens.failure = INTERACTION;
    const expected = { outcome: 'refused', code: 'claims_required', claims: CLAIMS };
    expect(await call()).toMatchObject(expected);
    expect(await call()).toMatchObject(expected);
    expect(spent()).toBe(1);
  });

  it('on a route that asks for a step-up leads to a sign-in that brings both', async () => {
    const stepUp = [{ routes: [{ method: 'GET', pattern: '/**' }], acrs: ['c1'], maxAgeSeconds: null }];
    const proved = await signIn(store, { cache: scriptedCache(), assurance: { acrs: ['c1'] } });
    tokens.failure = INTERACTION;
    const wanted = { code: 'consent_required', stepUp: { acrs: ['c1'], maxAgeSeconds: null } };
    expect(await caller.call(proved, { ...GRAPH, stepUp })).toMatchObject(wanted);
    tokens.failure = undefined;
    tokens = scriptedTokenClient(store.ambient);
    caller = createCaller(store, tokens);
    refuses('all', CHALLENGE);
    expect(await caller.call(proved, { ...GRAPH, stepUp })).toMatchObject({
      ...wanted,
      code: 'claims_required',
      claims: CLAIMS,
    });
  });

  it('that no token satisfies leads to a sign-in with the claims, and costs one redemption', async () => {
    refuses('all', CHALLENGE);
    for (let calls = 0; calls < 5; calls += 1) {
      expect(await call()).toMatchObject({ outcome: 'refused', code: 'claims_required', claims: CLAIMS });
    }
    expect(spent()).toBe(1);
  });

  it('that no token satisfies costs one redemption for a hundred calls at the same moment', async () => {
    refuses('all', CHALLENGE);
    // Some hear later than others that the first token is refused.
    let answers = 0;
    const { respond } = caller;
    caller.respond = async (sent) => {
      answers += 1;
      await store.ambient.sleep(answers % 7);
      return respond?.(sent) ?? answer(200);
    };
    const all = await Promise.all(Array.from({ length: 100 }, () => call()));
    for (const each of all) expect(each).toMatchObject({ code: 'claims_required' });
    expect(spent()).toBe(1);
  });

  it('that is another each time costs no redemption each time', async () => {
    let nonce = 0;
    caller.respond = () => {
      nonce += 1;
      const claims = Buffer.from(`{"access_token":{"nbf":{"value":"${nonce}"}}}`).toString('base64');
      return answer(401, `Bearer error="insufficient_claims", claims="${claims}"`);
    };
    for (let calls = 0; calls < 5; calls += 1) expect(await call()).toMatchObject({ code: 'claims_required' });
    expect(spent()).toBe(1);
  });

  it('of a token that another instance got without the claims is met all the same', async () => {
    const twin = createCaller(store, tokens);
    // Two instances, each with a token of its own in memory; the API wants the claims in both.
    refuses(['access-token-1'], undefined, twin);
    await call(twin);
    refuses(['access-token-1', 'access-token-2'], CHALLENGE);
    expect(await call()).toMatchObject({ outcome: 'answered', status: 200 });
    expect(caller.sent.slice(-3).map(tokenOf)).toEqual(['access-token-1', 'access-token-2', 'access-token-3']);
  });

  it('that cannot be understood is a token refused like any other', async () => {
    refuses(['access-token-1'], 'Bearer error="insufficient_claims", claims="%%%"');
    expect(await call()).toMatchObject({ outcome: 'answered', status: 200 });
    expect(tokens.claimed).toEqual([null, null]);
  });

  it('that the OP itself makes when a token is redeemed goes into the sign-in', async () => {
    refuses('all');
    tokens.failure = { ...INTERACTION, claims: CLAIMS };
    expect(await call()).toMatchObject({ outcome: 'refused', code: 'claims_required', claims: CLAIMS });
  });

  it('never reaches the browser', async () => {
    refuses('all', `${CHALLENGE}, Bearer authorization_uri="https://login.example/mark3r"`);
    expect(JSON.stringify(await call())).not.toContain('mark3r');
    refuses('all', 'Bearer authorization_uri="https://login.example/mark3r"');
    expect(JSON.stringify(await call())).not.toContain('mark3r');
  });
});

describe('a call whose token is refused', () => {
  const POST = { method: 'POST', rawPath: '/me' } as const;
  const OPEN = { ...GRAPH, allow: [{ method: 'POST', pattern: '/**' }] };
  const read = async ({ body }: UpstreamCall): Promise<string> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of body ?? nothing()) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };
  async function* pieces(...texts: readonly string[]): AsyncIterable<Uint8Array> {
    for (const text of texts) yield Buffer.from(text);
  }
  const post = (body: AsyncIterable<Uint8Array>) => caller.call(ticket, OPEN, { ...POST, body });
  /** Reads so much of a body, refuses the first token, and keeps what the second call brought. */
  const reading = (how: (call: UpstreamCall) => Promise<string>) => {
    const came: string[] = [];
    caller.respond = async (sent) => {
      if (tokenOf(sent) === 'access-token-1') {
        await how(sent);
        return answer(401);
      }
      came.push(await read(sent));
      return answer(200);
    };
    return came;
  };

  it('is sent again with all of its body', async () => {
    const came = reading(read);
    expect(await post(pieces('one', 'two'))).toMatchObject({ outcome: 'answered', status: 200 });
    expect(came).toEqual(['onetwo']);
  });

  it('is sent again with all of its body where the API had read none of it', async () => {
    const came = reading(async () => '');
    expect(await post(pieces('one', 'two'))).toMatchObject({ outcome: 'answered', status: 200 });
    expect(came).toEqual(['onetwo']);
  });

  it('is not sent again where its body was too long to be kept, and the next finds the new token', async () => {
    const came = reading(read);
    const long = 'x'.repeat(40_000);
    expect(await post(pieces(long, long))).toMatchObject({ outcome: 'refused', code: 'call_not_repeated' });
    expect(came).toEqual([]);
    expect(await post(pieces(long, long))).toMatchObject({ outcome: 'answered', status: 200 });
    expect(came[0]).toHaveLength(80_000);
    expect(spent()).toBe(1);
  });
});
