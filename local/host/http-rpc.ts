import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { flatHeaders, httpBindingData } from './binding-data.ts';
import type { RpcHttp, RpcNullable, TypedData } from './functions-core.ts';
import { answerEmpty, answerTooLarge, type HttpExchange } from './http-exchange.ts';
import { invoke, logFailure } from './invoke.ts';
import { setCookieHeader } from './set-cookie.ts';

/**
 * Answers a request without `enableHttpStream`: body and answer are whole messages, as over the worker's RPC channel.
 * Resolves when the answer is handed to the socket; never rejects for what the function does.
 */
export async function answerByRpc(exchange: HttpExchange): Promise<void> {
  const { worker, fn, request, response, maxBodyBytes, target, values } = exchange;
  let body: Uint8Array | undefined;
  try {
    body = await readBody(request, maxBodyBytes);
  } catch {
    return; // The client has gone.
  }
  if (!body) return answerTooLarge(response);
  const headers = flatHeaders(request.headers);
  try {
    const invoked = await invoke(worker, fn, {
      invocationId: randomUUID(),
      inputData: [{ name: fn.bindingName, data: { http: toRpcHttp(exchange, headers, body) } }],
      triggerMetadata: httpBindingData(target.query, values, headers),
    });
    const answer = invoked.response.returnValue?.http;
    // A function that returns nothing answers 204, as in the Functions host from version 2 on.
    if (answer) writeRpcAnswer(response, answer);
    else answerEmpty(response, 204);
  } catch (error) {
    logFailure(fn.metadata.name, error);
    answerEmpty(response, 500);
  }
}

/** Reads the whole body; undefined when it is larger than the limit. Rejects when the client goes away. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function toRpcHttp(
  { request, target, values }: HttpExchange,
  headers: Record<string, string>,
  body: Uint8Array,
): RpcHttp {
  const query: Record<string, string> = {};
  // Several values of one name become one, with commas (azure-functions-nodejs-library issue 168).
  for (const name of target.query.keys()) query[name] = target.query.getAll(name).join(',');
  return {
    method: request.method ?? '',
    url: `http://${request.headers.host ?? 'localhost'}${target.target}`,
    nullableHeaders: toNullable(headers),
    nullableQuery: toNullable(query),
    nullableParams: toNullable(values),
    body: body.length > 0 ? { bytes: body } : null,
  };
}

function toNullable(values: Record<string, string>): Record<string, RpcNullable<string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

function writeRpcAnswer(response: ServerResponse, answer: RpcHttp): void {
  response.statusCode = Number(answer.statusCode ?? 200);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.appendHeader(name, value);
  for (const cookie of answer.cookies ?? []) response.appendHeader('set-cookie', setCookieHeader(cookie));
  response.end(toBytes(answer.body));
}

/** The library hands over bytes; hooks may have made a string of them. */
function toBytes(body: TypedData | null | undefined): Uint8Array | string {
  return body?.bytes ?? body?.string ?? '';
}
