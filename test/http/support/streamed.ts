import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Browser } from './browser.ts';

/** A call under way: of what it sends and what it reads a test has every byte in hand. */
export interface OpenCall {
  readonly outgoing: ClientRequest;
  /** Settles when the answer begins; nothing of it is read. */
  readonly answer: Promise<IncomingMessage>;
  /** The browser goes away in the middle of it. */
  leave(): void;
}

/** Begins what a script of a page does by `fetch`, and sends no body by itself. */
export function openCall(
  browser: Browser,
  url: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Readonly<Record<string, string>> } = {},
): OpenCall {
  const { host, hostname, port, pathname, search } = new URL(url);
  const cookie = browser.jar.header(hostname, pathname, { crossSite: false, topLevelGet: false });
  const outgoing = request({
    host: '127.0.0.1',
    port,
    method,
    path: `${pathname}${search}`,
    agent: false,
    headers: { host, 'x-csrf': '1', ...(cookie !== undefined && { cookie }), ...headers },
  });
  const answer = once(outgoing, 'response').then(([incoming]) => incoming as IncomingMessage);
  // One that a test breaks off is not always waited for.
  answer.catch(() => undefined);
  outgoing.on('error', () => undefined);
  if (method === 'GET' || method === 'HEAD') outgoing.end();
  else outgoing.flushHeaders();
  return { outgoing, answer, leave: () => void outgoing.destroy() };
}
