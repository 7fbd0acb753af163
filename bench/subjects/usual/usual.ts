/**
 * What the samples for Node lead to, at its best: express, a server session in Table Storage, MSAL with a cache plugin that
 * loads the user's cache, `acquireTokenSilent`, `fetch`. One MSAL client a call, as several users in one client's memory
 * would be a leak; the account comes from the session, so that MSAL looks into its cache once.
 *
 * @see https://learn.microsoft.com/entra/msal/javascript/node/caching
 * @see https://github.com/Azure-Samples/ms-identity-javascript-nodejs-tutorial
 */
import { createServer } from 'node:http';
import { TableClient } from '@azure/data-tables';
import { type AccountInfo, ConfidentialClientApplication } from '@azure/msal-node';
import express, { type Request, type Response } from 'express';
import session from 'express-session';
import { readStageFile, UPSTREAM_ORIGIN } from '../../stage/stage-file.ts';
import { tellWhere } from '../../stage/tell-where.ts';
import { scopeOf } from '../../stage/users.ts';
import { tableCachePlugin } from './table-cache-plugin.ts';
import { TableSessionStore } from './table-session-store.ts';

declare module 'express-session' {
  interface SessionData {
    account: AccountInfo;
  }
}

const { TABLES_CONNECTION_STRING = '', [UPSTREAM_ORIGIN]: upstreamOrigin = '', ROLLING } = process.env;
const { cookieSecret, op } = readStageFile();
const rolling = ROLLING === 'true';
const caches = TableClient.fromConnectionString(TABLES_CONNECTION_STRING, 'usualcaches', {
  allowInsecureConnection: true,
});
const auth = {
  clientId: op.clientId,
  clientSecret: op.clientSecret,
  authority: op.authority,
  knownAuthorities: [new URL(op.authority).host],
  authorityMetadata: JSON.stringify(op.metadata),
};

async function tokenOf(account: AccountInfo): Promise<string> {
  const cachePlugin = tableCachePlugin(caches, account.homeAccountId);
  const client = new ConfidentialClientApplication({ auth, cache: { cachePlugin } });
  const result = await client.acquireTokenSilent({ account, scopes: [scopeOf(0)] });
  return result.accessToken;
}

async function callApi(request: Request, response: Response): Promise<void> {
  const { account } = request.session;
  if (account === undefined) {
    response.status(401).end();
    return;
  }
  const answer = await fetch(`${upstreamOrigin}/me`, {
    headers: { authorization: `Bearer ${await tokenOf(account)}` },
  });
  // Cheaper than a stream of so little.
  const body = Buffer.from(await answer.arrayBuffer());
  response
    .status(answer.status)
    .set({ 'content-type': answer.headers.get('content-type') ?? '', 'cache-control': 'no-store' })
    .send(body);
}

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use(
  session({
    store: new TableSessionStore(TABLES_CONNECTION_STRING, !rolling),
    secret: cookieSecret,
    resave: false,
    saveUninitialized: false,
    rolling,
    cookie: { httpOnly: true, sameSite: 'lax', maxAge: 8 * 60 * 60 * 1_000 },
  }),
);
app.get('/api/graph/me', (request, response, next) => {
  if (request.get('x-csrf') !== '1') response.status(403).end();
  else callApi(request, response).catch(next);
});

tellWhere(createServer(app));
