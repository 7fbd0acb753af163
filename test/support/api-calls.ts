import type { Application } from '../../shared/application/application.ts';
import { type ApiAnswer, type ApiCall, callApi } from '../../shared/gateway/call-api.ts';
import type { Upstream, UpstreamAnswer, UpstreamCall } from '../../shared/gateway/upstream.ts';
import type { LogEvent } from '../../shared/log/log.ts';
import type { SessionTicket } from '../../shared/session/ticket.ts';
import type { DownstreamApi } from '../../shared/settings/settings.ts';
import { NO_KEYS, OP_METADATA, testApplication } from './application.ts';
import { downstreamApi } from './downstream-api.ts';
import { type ScriptedTokenClient, scriptedCache, scriptedTokenClient } from './scripted-token-client.ts';
import { signIn } from './signins.ts';
import { createTestStore, type TestStore } from './store.ts';

export const GRAPH = downstreamApi();
const { signal: gone } = new AbortController();
const CALL: ApiCall = { method: 'GET', rawPath: '/me', search: '?a=b', headers: new Headers(), body: null, gone };

/** An instance of the application whose API calls a test makes, and what came of them. */
export interface Caller {
  application: Application;
  /** What the API answers. */
  answer: UpstreamAnswer;
  /** The same by what it is sent, once set. */
  respond: ((call: UpstreamCall) => UpstreamAnswer | Promise<UpstreamAnswer>) | undefined;
  call(ticket: SessionTicket | null, api?: DownstreamApi, changes?: Partial<ApiCall>): Promise<ApiAnswer>;
  /** What was sent to the API, in order. */
  readonly sent: readonly UpstreamCall[];
  readonly logged: readonly LogEvent[];
  /** The access token that was sent last. */
  lastToken(): string | undefined;
}

async function* nothing(): AsyncIterable<Uint8Array> {}

/** One more instance over these tables; the OP is scripted, and may be shared with other instances. */
export function createCaller(
  store: TestStore,
  tokens: ScriptedTokenClient = scriptedTokenClient(store.ambient),
): Caller {
  const sent: UpstreamCall[] = [];
  const logged: LogEvent[] = [];
  const upstream: Upstream = async (call) => {
    sent.push(call);
    return caller.respond?.(call) ?? caller.answer;
  };
  const nobodySignsIn = () => Promise.reject(new Error('nobody signs in here'));
  const asked = { authorizationAddress: nobodySignsIn, checkIdToken: nobodySignsIn };
  const op = { get: async () => ({ metadata: OP_METADATA, keys: NO_KEYS, tokens, ...asked }) };
  const caller: Caller = {
    application: { ...testApplication({}, store).application, op },
    answer: { outcome: 'answered', status: 200, headers: {}, body: nothing(), discard: () => {} },
    respond: undefined,
    call: (ticket, api = GRAPH, changes = {}) => {
      const log = (event: LogEvent) => void logged.push(event);
      return callApi(caller.application, upstream, log, api, ticket, { ...CALL, ...changes });
    },
    sent,
    logged,
    lastToken: () => sent.at(-1)?.headers.authorization?.replace('Bearer ', ''),
  };
  return caller;
}

/** An instance with somebody signed in. */
export interface SignedInCaller {
  readonly store: TestStore;
  readonly tokens: ScriptedTokenClient;
  readonly caller: Caller;
  readonly ticket: SessionTicket;
}

/** The session's cache holds no access token: the first call has one got. */
export async function signedInCaller(): Promise<SignedInCaller> {
  const store = createTestStore();
  const tokens = scriptedTokenClient(store.ambient);
  return {
    store,
    tokens,
    caller: createCaller(store, tokens),
    ticket: await signIn(store, { cache: scriptedCache() }),
  };
}
