import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createAsk } from '../../../infra/doctor/ask.ts';
import { askAll } from '../../../infra/doctor/ask-all.ts';
import { noExeunt } from '../../../infra/doctor/examine.ts';
import { findMetadata, placesFor } from '../../../infra/doctor/find-metadata.ts';
import { createAuthority } from '../../../local/identity/certificates.ts';
import { answered } from './support/healthy.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const serve = async (listener: RequestListener): Promise<string> =>
  `http://app.localhost:${await listen(createServer(listener))}`;
const ask = createAsk(new AbortController().signal);

describe('asking', () => {
  it('follows no redirect, keeps every cookie apart, and reads a name of this machine as this machine', async () => {
    const origin = await serve((_, response) => {
      response.writeHead(302, { location: '/elsewhere', 'set-cookie': ['a=1', 'b=2'] }).end();
    });
    const reply = await ask(`${origin}/x`);
    expect(reply).toMatchObject({ kind: 'answered', status: 302, setCookies: ['a=1', 'b=2'], certificateEndsAt: null });
    expect(noExeunt(reply, origin)).toMatch(/sends everybody on to another path/);
  });

  it('reads no endless body', async () => {
    const origin = await serve((_, response) => {
      const more = (): void =>
        void (response.write('x'.repeat(65_536)) ? setImmediate(more) : response.once('drain', more));
      response.once('close', () => response.destroy());
      more();
    });
    const reply = await ask(origin);
    expect(reply.kind === 'answered' && reply.text.length).toBeLessThan(1_000_000);
  });

  it.each([
    ['nobody listens', () => 'http://127.0.0.1:9', /nobody listens there/],
    [
      'nothing speaks TLS',
      async () => (await serve(() => undefined)).replace('http:', 'https:'),
      /does not speak TLS|broke off/,
    ],
    ['the connection breaks off', () => serve((request) => void request.socket.destroy()), /broke off/],
  ])('says in plain words that %s', async (_what, raise, said) => {
    expect(noExeunt(await ask(await raise()), 'https://app')).toMatch(said);
  });

  it('says that no answer came in time', async () => {
    const origin = await serve(() => undefined);
    expect(await ask(origin, { deadlineMilliseconds: 50 })).toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('ends at once when it is told to', async () => {
    const leaving = new AbortController();
    const asked = Promise.withResolvers<void>();
    const origin = await serve(() => asked.resolve());
    const reply = createAsk(leaving.signal)(origin);
    await asked.promise;
    leaving.abort();
    expect(await reply).toMatchObject({ kind: 'unanswered' });
  });

  it('does not believe a certificate that nobody has signed', async () => {
    const server = createTlsServer(
      createAuthority(Date.now()).issue('localhost'),
      (_, response) => void response.end(),
    );
    const port = await listen(server as unknown as Server);
    expect(noExeunt(await ask(`https://localhost:${port}/`), 'https://app')).toMatch(
      /signed by nobody that this machine knows/,
    );
  });
});

describe('what is no Exeunt', () => {
  it.each([
    [200, '{"status":"alive"}', null],
    [200, '<h1>Welcome</h1>', /is not Exeunt/],
    [200, '{"status":"Healthy"}', /is not Exeunt/],
    [404, '', /is not Exeunt: \/health says 404/],
    [503, '', /the function app does not run/],
    [403, 'blocked', /lets nobody in/],
  ])('is told by %d %s', async (status, body, said) => {
    const origin = await serve((_, response) => void response.writeHead(status).end(body));
    const reason = noExeunt(await ask(`${origin}/health`), origin);
    if (said === null) expect(reason).toBeNull();
    else expect(reason).toMatch(said);
  });

  it('is an application that leads to another origin, which is named', async () => {
    const origin = await serve(
      (_, response) => void response.writeHead(301, { location: 'https://www.example/?secret=1' }).end(),
    );
    expect(noExeunt(await ask(origin), origin)).toMatch(/on to https:\/\/www\.example\. /);
  });
});

describe('the discovery document', () => {
  it('is looked for where Entra ID has it, then under each part of the path', () => {
    const address = new URL('https://login.example/tenant/oauth2/v2.0/authorize?state=x');
    expect(placesFor(address).map((url) => url.replace('/.well-known/openid-configuration', ''))).toEqual([
      'https://login.example/tenant/v2.0',
      'https://login.example/tenant/oauth2/v2.0',
      'https://login.example/tenant/oauth2',
      'https://login.example/tenant',
      'https://login.example',
    ]);
  });

  it('is the one that names the endpoint to which the sign-in leads, and no other', async () => {
    const origin = await serve((request, response) => {
      const endpoint = request.url?.startsWith('/realms/a/') ? 'auth' : 'other';
      response.end(
        JSON.stringify({ authorization_endpoint: `${origin}/realms/a/protocol/openid-connect/${endpoint}` }),
      );
    });
    const address = new URL(`${origin}/realms/a/protocol/openid-connect/auth?state=x`);
    const { found } = await findMetadata(ask, address, null);
    expect(found?.url).toContain(`${origin}/realms/a/`);
    const { found: none } = await findMetadata(ask, new URL(`${origin}/another/auth`), null);
    expect(none).toBeNull();
  });
});

describe('an application elsewhere', () => {
  const asked = async (origin: string): Promise<string[]> => {
    const urls: string[] = [];
    const document = {
      authorization_endpoint: 'https://op.example/a/authorize',
      jwks_uri: 'http://127.0.0.1:8080/stop',
    };
    const answer = async (url: string) => {
      urls.push(url);
      if (url.includes('/auth/signin?'))
        return answered(302, '', { headers: { location: document.authorization_endpoint } });
      return answered(200, url.includes('well-known') ? document : '');
    };
    await askAll(answer, { origin, metadataUrl: null, api: null, triesInvocationId: false }, answered(200));
    return urls.filter((url) => new URL(url).hostname === '127.0.0.1');
  };

  it('has this machine ask nothing of itself', async () => {
    expect(await asked('https://app.contoso.com')).toEqual([]);
    expect(await asked('http://app.localhost:7071')).toEqual(['http://127.0.0.1:8080/stop']);
  });
});
