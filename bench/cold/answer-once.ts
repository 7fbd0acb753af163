/**
 * Brings a function app up and has it answer one request, in a process of its own, and prints the milliseconds from the
 * beginning of its import to the end of the answer. The local host has been loaded before: it is none of the app's.
 *
 *     node bench/cold/answer-once.ts <app root> <path> <status> [cookie]
 */
import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAppServer } from '../../local/host/app-server.ts';
import { buildFunctionTable } from '../../local/host/function-table.ts';
import { loadApp } from '../../local/host/load-app.ts';

const [root = '', path = '', status = '', cookie = ''] = process.argv.slice(2);

const began = performance.now();
const worker = await loadApp(root);
const { routes } = buildFunctionTable(worker.functions, '', process.env);
const { server, isStreaming } = await createAppServer(worker, routes, process.env);
if (!isStreaming) throw new Error('the app does not stream');
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const { port } = server.address() as AddressInfo;
const { host } = new URL(process.env.PUBLIC_ORIGIN ?? 'http://127.0.0.1');
const sent = request({ host: '127.0.0.1', port, path, headers: { host, 'x-csrf': '1', ...(cookie && { cookie }) } });
sent.end();
const [answer] = await once(sent, 'response');
await answer.resume().toArray();
const took = performance.now() - began;
if (answer.statusCode !== Number(status)) throw new Error(`${path} was answered ${answer.statusCode}`);
process.stdout.write(`\ntook ${took}\n`, () => process.exit());
