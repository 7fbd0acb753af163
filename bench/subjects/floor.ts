/**
 * The least that is still secure: one sealed cookie, one point read that says whether the session stands, a token from
 * memory, one call, piped. No renewal, no idle end, no second device, no refresh, no sign-out, no log.
 */
import { createDecipheriv, createSecretKey } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { TableClient } from '@azure/data-tables';
import { Pool } from 'undici';
import { readStageFile, UPSTREAM_ORIGIN } from '../stage/stage-file.ts';
import { tellWhere } from '../stage/tell-where.ts';

const COOKIE = /(?:^|; )__Host-session=([A-Za-z0-9_-]+)/;
const IV_BYTES = 12;
const TAG_BYTES = 16;

const { TABLES_CONNECTION_STRING = '', [UPSTREAM_ORIGIN]: upstreamOrigin = '' } = process.env;
const { cookieKey, users } = readStageFile();
const key = createSecretKey(cookieKey, 'base64');
const table = TableClient.fromConnectionString(TABLES_CONNECTION_STRING, 'accounts', { allowInsecureConnection: true });
const upstream = new Pool(upstreamOrigin);
const tokens = new Map(users.map(({ sessionId, accessToken }) => [sessionId, accessToken]));

interface Ticket {
  readonly account: string;
  readonly sessionId: string;
}

function openCookie(header: string | undefined): Ticket | null {
  const [, sealed] = COOKIE.exec(header ?? '') ?? [];
  if (sealed === undefined) return null;
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(opened.toString());
  } catch {
    return null;
  }
}

async function isLive({ account, sessionId }: Ticket): Promise<boolean> {
  const property = `s_${sessionId}`;
  const entity = await table.getEntity(account, 'account', { queryOptions: { select: [property] } });
  return entity[property] !== undefined && entity[property] !== null;
}

async function answer(path: string, cookie: string | undefined, response: ServerResponse): Promise<void> {
  const ticket = openCookie(cookie);
  const token = ticket && (await isLive(ticket)) && tokens.get(ticket.sessionId);
  if (!token) {
    response.writeHead(401).end();
    return;
  }
  const headers = { authorization: `Bearer ${token}` };
  await upstream.stream({ path, method: 'GET', headers }, ({ statusCode, headers: answered }) =>
    response.writeHead(statusCode, {
      'content-type': String(answered['content-type']),
      'content-length': String(answered['content-length']),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    }),
  );
}

tellWhere(
  createServer(({ url, headers }, response) => {
    if (url !== '/api/graph/me' || headers['x-csrf'] !== '1') {
      response.writeHead(403).end();
      return;
    }
    answer('/me', headers.cookie, response).catch(() => response.headersSent || response.writeHead(502).end());
  }),
);
