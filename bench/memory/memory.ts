/**
 * The heap of one instance while more and more people call it, each from an account of their own: whether it is flat once its
 * caches are full. First the caches by themselves. `node bench/memory/memory.ts`, `--full` for 200,000 calls by 100,000 people.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from 'undici';
import { outliveReader } from '../../local/command-line.ts';
import { freePort } from '../../local/free-port.ts';
import { serveMetadata } from '../stage/metadata.ts';
import { startProcess } from '../stage/process.ts';
import { environmentOf, register, settingsOf } from '../stage/registration.ts';
import { hasGrown, measureCaches, printCaches } from './caches.ts';
import { makeCrowd } from './crowd.ts';
import { serveCrowd } from './made-up-storage.ts';

const CONCURRENCY = 16;
const SAMPLES = 20;
const MEBIBYTE = 2 ** 20;
/** Of the largest cache: from then on nothing is to grow. */
const CACHES_FULL_PEOPLE = 20_000;
/** A collection is no exact measure. */
const GROWTH_MAX = 1.05;
/** Everybody calls a second time when so many others have called once: by then from memory, as most calls are answered. */
const SECOND_CALL_AFTER = 500;

outliveReader();
const { values } = parseArgs({ options: { full: { type: 'boolean', default: false } } });
const { people, callsEach } = values.full ? { people: 100_000, callsEach: 2 } : { people: 25_000, callsEach: 1 };

const caches = await measureCaches();
printCaches(caches);
if (caches.some(hasGrown)) process.exitCode = 1;

const registration = register();
const op = await serveMetadata(registration.authority);
const api = createServer((request, response) => response.end(String(request.headers.authorization)));
await once(api.listen(0, '127.0.0.1'), 'listening');
const port = await freePort();
const upstreamOrigin = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
const nowhere = { tablesConnectionString: '', combinedConnectionString: '' } as Parameters<typeof environmentOf>[1];
const environment = environmentOf(registration, nowhere, op.metadataUrl, { port, upstreamOrigin });
const { AzureWebJobsStorage: _, ...withoutQueues } = environment;
const endpoint = { TABLES_CONNECTION_STRING: 'UseDevelopmentStorage=true' };
const crowd = await makeCrowd(settingsOf({ ...withoutQueues, ...endpoint }), op.metadata);
const storage = await serveCrowd(crowd);
const HOST = fileURLToPath(new URL('../../local/host/main.ts', import.meta.url));
const instance = await startProcess({
  run: [HOST, fileURLToPath(new URL('../..', import.meta.url))],
  environment: { ...withoutQueues, TABLES_CONNECTION_STRING: storage.connectionString, PORT: String(port) },
});
try {
  const clients = Array.from({ length: CONCURRENCY }, () => new Client(instance.origin));
  const samples: { readonly people: number; readonly heap: number }[] = [];
  console.log('\ncalls\tpeople\theap after a collection\tresident');
  const order = callers();
  const total = people * callsEach;
  for (let sample = 1; sample <= SAMPLES; sample += 1) {
    const until = Math.round((sample / SAMPLES) * total);
    const from = Math.round(((sample - 1) / SAMPLES) * total);
    const turns = Array.from({ length: until - from }, () => order.next().value as number).values();
    await Promise.all(clients.map((client) => callInTurn(client, turns)));
    const heap = (await instance.heapBytes()) / MEBIBYTE;
    const resident = (await instance.usage()).residentBytes / MEBIBYTE;
    const seen = Math.ceil(until / callsEach);
    samples.push({ people: seen, heap });
    console.log([until, seen, `${heap.toFixed(1)} MiB`, `${resident.toFixed(0)} MiB`].join('\t'));
  }
  await Promise.all(clients.map((client) => client.destroy()));
  const full = samples.filter(({ people: seen }) => seen > CACHES_FULL_PEOPLE);
  const [first, last] = [full[0]?.heap ?? Number.NaN, full.at(-1)?.heap ?? Number.NaN];
  const growth = last / first;
  console.log(
    `heap at the end / when its caches were full: ${growth.toFixed(3)} ${growth <= GROWTH_MAX ? 'met' : 'MISSED'}`,
  );
  if (growth > GROWTH_MAX) process.exitCode = 1;
} finally {
  await instance.stop();
  storage.close();
  api.close().closeAllConnections();
  await op.close();
}

/** Who calls, one after the other. */
function* callers(): Generator<number> {
  for (let turn = 0; ; turn += 1) {
    if (turn < people) yield turn;
    const second = turn - SECOND_CALL_AFTER;
    if (callsEach === 2 && second >= 0) yield second;
  }
}

async function callInTurn(client: Client, turns: IterableIterator<number>): Promise<void> {
  for (const person of turns) {
    const headers = { cookie: crowd.cookieOf(person), 'x-csrf': '1' };
    const answer = await client.request({ path: '/api/graph/me', method: 'GET', headers });
    const text = await answer.body.text();
    if (answer.statusCode === 200 && text === `Bearer ${crowd.tokenOf(person)}`) continue;
    throw new Error(`person ${person} was answered ${answer.statusCode}: ${text.slice(0, 200)}`);
  }
}
