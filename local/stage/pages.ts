import type { RequestListener, ServerResponse } from 'node:http';
import { readTables } from './rows.ts';
import { ROWS_PAGE, ROWS_SCRIPT, ROWS_STYLE } from './rows-page.ts';
import { TELEMETRY_PAGE, TELEMETRY_SCRIPT, TELEMETRY_STYLE } from './telemetry-page.ts';
import type { TelemetryReceiver } from './telemetry-receiver.ts';

/** Under it, on the OP's host, the applications send their telemetry. */
export const OTLP_PATH = '/otlp';

const SECURITY = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'",
};

const HTML = 'text/html; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const STATIC: ReadonlyMap<string, readonly [contentType: string, body: string]> = new Map([
  ['/rows', [HTML, ROWS_PAGE]],
  ['/rows.css', [CSS, ROWS_STYLE]],
  ['/rows.js', [SCRIPT, ROWS_SCRIPT]],
  ['/telemetry', [HTML, TELEMETRY_PAGE]],
  ['/telemetry.css', [CSS, TELEMETRY_STYLE]],
  ['/telemetry.js', [SCRIPT, TELEMETRY_SCRIPT]],
]);

/**
 * Serves, on the OP's host and on this machine alone, what a developer watches: the tables' rows as they are stored, and
 * the applications' telemetry, which it takes in too.
 */
export function stagePages(connectionString: () => string, telemetry: TelemetryReceiver): RequestListener {
  return (request, response) => {
    const path = new URL(request.url ?? '/', 'http://stage').pathname;
    if (request.method === 'POST' && path.startsWith(`${OTLP_PATH}/v1/`)) return telemetry.listener(request, response);
    const [contentType, body] = STATIC.get(path) ?? [];
    if (contentType !== undefined && body !== undefined) return send(response, contentType, body);
    switch (path) {
      case '/rows.json':
        void readTables(connectionString()).then(
          (tables) => sendJson(response, tables),
          () => response.writeHead(503).end(),
        );
        return undefined;
      case '/telemetry.json':
        return sendJson(response, { points: telemetry.points(), spans: telemetry.spans() });
      default:
        response.writeHead(404, SECURITY).end();
        return undefined;
    }
  };
}

function sendJson(response: ServerResponse, value: unknown): void {
  send(response, 'application/json', JSON.stringify(value));
}

function send(response: ServerResponse, contentType: string, body: string): void {
  response.writeHead(200, { ...SECURITY, 'content-type': contentType }).end(body);
}
