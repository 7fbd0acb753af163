import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpFunction } from './function-table.ts';
import type { RequestTarget } from './request-target.ts';
import type { Worker } from './worker.ts';

/** One HTTP request that has found its function. */
export interface HttpExchange {
  worker: Worker;
  fn: HttpFunction;
  request: IncomingMessage;
  response: ServerResponse;
  target: RequestTarget;
  /** Route values. */
  values: Record<string, string>;
  /** `FUNCTIONS_REQUEST_BODY_SIZE_LIMIT`. */
  maxBodyBytes: number;
}

/** Whether the request announces a body (RFC 9112 §6). */
export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** Answers with a status alone; if an answer has begun already, all that can be done is to cut it off. */
export function answerEmpty(response: ServerResponse, status: number): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  const hasLength = status !== 204 && status !== 304;
  response.writeHead(status, hasLength ? { 'content-length': 0 } : {}).end();
}

/** Answers 413 and closes the connection, so that the rest of the body is not read. */
export function answerTooLarge(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(413, { 'content-length': 0, connection: 'close' }).end();
}
