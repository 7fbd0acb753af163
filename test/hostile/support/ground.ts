import type { HttpRequest, InvocationContext } from '@azure/functions';
import type { Composed } from '../../../functions/compose.ts';
import { atEdge, type Trigger, type Visit } from '../../../functions/edge.ts';
import type { Application } from '../../../shared/application/application.ts';
import type { Answer, IncomingRequest } from '../../../shared/http/message.ts';
import type { LogEvent } from '../../../shared/log/log.ts';
import { remoteKeys } from '../../../shared/oidc/remote-keys.ts';
import type { Settings } from '../../../shared/settings/settings.ts';
import { type OpScript, testApplication } from '../../support/application.ts';
import { APP_ORIGIN } from '../../support/request.ts';
import type { ScriptedQueue } from '../../support/scripted-queue.ts';
import type { TestStore } from '../../support/store.ts';
import { OWN_KEYS, publicJwk } from './forge.ts';

const CHUNK_BYTES = 16 * 1024;

/** A request as it comes in from outside. */
export interface Sent {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** What answering has cost, since it was last looked at. */
export interface Cost {
  readonly storageCalls: number;
  readonly keyReadings: number;
  readonly bodyBytes: number;
}

/** One application, its storage in memory, its OP's keys real, and all that it does counted. */
export interface Ground {
  readonly application: Application;
  readonly store: TestStore;
  readonly script: OpScript;
  readonly queue: ScriptedQueue;
  /** Everything stored, to the ETag. */
  rows(): string;
  /** Of that what the accounts hold. A sign-out that ends nothing of an account may write it anew as it is. */
  accountRows(): string;
  /** The log's lines, and the cost, since they were last taken. */
  takeLog(): string;
  takeCost(): Cost;
  /** Has a real trigger answer, at the store's time. @param adapters what only this trigger needs */
  answer(trigger: Trigger, sent: Sent, adapters?: Partial<Visit>): Promise<Answer>;
  /** The same by the way on which the Functions library calls it, at the time that it is. */
  answerAtEdge(trigger: Trigger, sent: Sent): Promise<Answer>;
}

/** @param settings over the usual ones */
export function raiseGround(settings: Partial<Settings> = {}): Ground {
  const { application: usual, store, script, queue } = testApplication();
  const application = { ...usual, settings: { ...usual.settings, ...settings } };
  let [storageCalls, keyReadings, bodyBytes] = [0, 0, 0];
  let logged: LogEvent[] = [];
  const published = JSON.stringify({ keys: OWN_KEYS.map(publicJwk) });
  script.keys = remoteKeys(script.metadata.jwks_uri, async () => {
    keyReadings += 1;
    return new Response(published);
  });
  store.tables.before = () => {
    storageCalls += 1;
    return undefined;
  };
  return {
    application,
    store,
    script,
    queue,
    rows: () => JSON.stringify((['accounts', 'sids', 'expiries'] as const).map((table) => store.tables.rows(table))),
    accountRows: () =>
      JSON.stringify(store.tables.rows('accounts').map(({ partitionKey, properties }) => [partitionKey, properties])),
    takeLog() {
      const lines = logged.map((event) => JSON.stringify(event)).join('\n');
      logged = [];
      return lines;
    },
    takeCost() {
      const cost = { storageCalls, keyReadings, bodyBytes };
      [storageCalls, keyReadings, bodyBytes] = [0, 0, 0];
      return cost;
    },
    async answer(trigger, sent, adapters = {}) {
      const request = requestOf(sent, (bytes) => (bodyBytes += bytes));
      const log = (event: LogEvent): void => void logged.push(event);
      return trigger({ application, request, log, receivedAt: store.ambient.now(), ...adapters } as Visit);
    },
    async answerAtEdge(trigger, sent) {
      const { id, ...request } = requestOf(sent, (bytes) => (bodyBytes += bytes));
      const log = (line: string): void => void logged.push(JSON.parse(line));
      const composed = { ok: true, composition: { application } } as Composed;
      const context = { invocationId: id, log, error: log } as unknown as InvocationContext;
      return atEdge(composed, trigger)(request as unknown as HttpRequest, context);
    },
  };
}

const requestOf = ({ method, target, headers, body }: Sent, read: (bytes: number) => void): IncomingRequest => ({
  id: '00000000-0000-4000-8000-000000000001',
  applicationName: 'Contoso',
  method,
  url: `${APP_ORIGIN}${target}`,
  headers: new Headers(headers),
  body: body === null ? null : streamOf(body, read),
});

/** A body that comes in pieces, as from a socket: what nobody asks for is not read. */
function streamOf(text: string, read: (bytes: number) => void): ReadableStream {
  const bytes = Buffer.from(text);
  let at = 0;
  return new ReadableStream(
    {
      pull(controller) {
        const chunk = bytes.subarray(at, at + CHUNK_BYTES);
        at += chunk.byteLength;
        if (chunk.byteLength === 0) return controller.close();
        read(chunk.byteLength);
        controller.enqueue(new Uint8Array(chunk));
      },
    },
    { highWaterMark: 0 },
  );
}
