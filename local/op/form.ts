import { IncomingMessage } from 'node:http';
import type { OpContext } from './state.ts';

/** Far above any honest form here; the library's own limit is 56 KiB. */
const FORM_LIMIT_BYTES = 56 * 1024;

/** Reads a form body (`application/x-www-form-urlencoded`). Throws when it is over the limit. */
export async function readForm(ctx: OpContext): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of ctx.req) {
    length += (chunk as Buffer).length;
    if (length > FORM_LIMIT_BYTES) ctx.throw(413);
    chunks.push(chunk as Buffer);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/**
 * Hands the library a request with this form for its body. It reads the request stream itself and warns on the terminal
 * about a body that somebody else has parsed, so it is given a stream again.
 */
export function replaceForm(ctx: OpContext, form: URLSearchParams): void {
  const body = Buffer.from(form.toString());
  const replay = new IncomingMessage(ctx.req.socket);
  replay.method = ctx.req.method ?? 'POST';
  replay.url = ctx.req.url ?? '/';
  replay.headers = { ...ctx.req.headers, 'content-length': String(body.length) };
  // Else the stream counts as cut off when it ends, and takes the socket with it.
  replay.complete = true;
  replay.push(body);
  replay.push(null);
  ctx.req = replay;
  ctx.request.req = replay;
}
