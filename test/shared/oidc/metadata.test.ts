import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { browserOrigins, createMetadataSource, type MetadataSource } from '../../../shared/oidc/metadata.ts';
import { createTestAmbient, type TestAmbient } from '../../support/ambient.ts';
import { type JsonServer, startJsonServer } from '../../support/json-server.ts';
import { HOUR } from '../../support/records.ts';

const PATH = '/.well-known/openid-configuration';
const DOCUMENT = {
  issuer: 'https://op.example/tenant/v2.0',
  authorization_endpoint: 'https://op.example/authorize',
  token_endpoint: 'https://op.example/token',
  jwks_uri: 'https://keys.op.example/keys',
  end_session_endpoint: 'https://logout.op.example/logout',
};

let server: JsonServer;
let ambient: TestAmbient;
beforeEach(async () => {
  server = await startJsonServer();
  ambient = createTestAmbient();
  server.answers.set(PATH, { body: DOCUMENT });
});
afterEach(() => server.close());

const source = () => createMetadataSource(`${server.origin}${PATH}`, ambient.now);
const read = (body: unknown) => {
  server.answers.set(PATH, { body });
  return source().get();
};

const ENDPOINTS = [
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'end_session_endpoint',
  'revocation_endpoint',
  'pushed_authorization_request_endpoint',
];

describe("the OP's metadata", () => {
  it('is what the discovery document says, less what we do not go by', async () => {
    expect(await read({ ...DOCUMENT, claims_supported: ['sub'] })).toEqual(DOCUMENT);
  });

  it('needs no end_session_endpoint', async () => {
    const { end_session_endpoint: _, ...rest } = DOCUMENT;
    expect(await read(rest)).toEqual(rest);
  });

  it.each(['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri'])('is none without %s', async (name) => {
    expect(await read({ ...DOCUMENT, [name]: undefined })).toEqual({
      outcome: 'op-unavailable',
      reason: 'metadata-malformed',
    });
  });

  it.each([
    'http://localhost:8400/token',
    'http://login.localhost:8400/token',
    'http://127.0.0.1/token',
    'http://[::1]/t',
  ])('may have an endpoint on this machine without TLS: %s', async (endpoint) => {
    expect(await read({ ...DOCUMENT, token_endpoint: endpoint })).toMatchObject({ token_endpoint: endpoint });
  });

  it.each([
    'http://op.example/token',
    'http://localhost.op.example/token',
    'http://10.0.0.1/token',
    'http://127.0.0.1.op.example/token',
    'http://evillocalhost/token',
    'ftp://op.example/token',
    'javascript:alert(1)',
    '/token',
    '',
  ])('may not have an endpoint like %j', async (endpoint) => {
    for (const name of ENDPOINTS) {
      expect(await read({ ...DOCUMENT, [name]: endpoint })).toMatchObject({ reason: 'metadata-malformed' });
    }
  });

  it.each([
    ['is no JSON', { body: '<html>' }, 'metadata-unreachable'],
    ['is a list', { body: [] }, 'metadata-malformed'],
    ['is huge', { body: { ...DOCUMENT, padding: 'x'.repeat(300_000) } }, 'metadata-too-large'],
    ['is an error', { status: 500, body: DOCUMENT }, 'metadata-status-500'],
    ['is elsewhere', { status: 302, headers: { location: '/other' } }, 'metadata-unreachable'],
  ])('is none where the document %s', async (_, answer, reason) => {
    server.answers.set(PATH, answer);
    server.answers.set('/other', { body: DOCUMENT });
    expect(await source().get()).toEqual({ outcome: 'op-unavailable', reason });
  });
});

describe('the metadata source', () => {
  it('asks once for all that wait, and keeps the answer for half a day', async () => {
    const metadata = source();
    await Promise.all(Array.from({ length: 10 }, () => metadata.get()));
    ambient.advance(12 * HOUR - 1);
    await metadata.get();
    expect(server.requests).toHaveLength(1);
  });

  it('asks an OP that fails at most once a second, and takes what it says then', async () => {
    server.answers.set(PATH, { status: 503 });
    const metadata = source();
    for (let calls = 0; calls < 10; calls += 1) {
      expect(await metadata.get()).toMatchObject({ reason: 'metadata-status-503' });
    }
    expect(server.requests).toHaveLength(1);
    server.answers.set(PATH, { body: DOCUMENT });
    ambient.advance(1_000);
    expect(await metadata.get()).toEqual(DOCUMENT);
  });

  it('says that a dead OP does not answer', async () => {
    await server.close();
    expect(await source().get()).toEqual({ outcome: 'op-unavailable', reason: 'metadata-unreachable' });
  });
});

describe('metadata that has grown old', () => {
  const NEW_DOCUMENT = { ...DOCUMENT, issuer: 'https://new.example' };
  /** What the OP does with each request, the first one answered. */
  let asked: PromiseWithResolvers<Response>[];
  let metadata: MetadataSource;
  beforeEach(async () => {
    asked = [];
    const hanging = (): Promise<Response> => {
      const answer = Promise.withResolvers<Response>();
      asked.push(answer);
      return answer.promise;
    };
    metadata = createMetadataSource('https://op.example/metadata', ambient.now, hanging);
    const first = metadata.get();
    asked[0]?.resolve(Response.json(DOCUMENT));
    await first;
    ambient.advance(12 * HOUR);
  });

  it('is served at once while the OP hangs, which is asked once for all calls', async () => {
    for (let calls = 0; calls < 10; calls += 1) expect(await metadata.get()).toEqual(DOCUMENT);
    expect(asked).toHaveLength(2);
  });

  it('makes way for what was read meanwhile, for half a day again', async () => {
    await metadata.get();
    asked[1]?.resolve(Response.json(NEW_DOCUMENT));
    await turn();
    expect(await metadata.get()).toEqual(NEW_DOCUMENT);
    ambient.advance(12 * HOUR - 1);
    await metadata.get();
    expect(asked).toHaveLength(2);
  });

  it.each<[string, (answer: PromiseWithResolvers<Response>) => void]>([
    ['is dead', ({ reject }) => reject(new TypeError('fetch failed'))],
    ['fails', ({ resolve }) => resolve(new Response('', { status: 500 }))],
    ['breaks off', ({ resolve }) => resolve(new Response(new ReadableStream({ pull: (c) => c.error(new Error()) })))],
    ['says something else', ({ resolve }) => resolve(Response.json([]))],
  ])(
    'serves on for days where the OP %s, is asked for once a second at most, and learns of its return',
    async (_, fail) => {
      ambient.advance(72 * HOUR);
      await metadata.get();
      if (asked[1]) fail(asked[1]);
      await turn();
      expect(await metadata.get()).toEqual(DOCUMENT);
      expect(asked).toHaveLength(2);
      ambient.advance(1_000);
      expect(await metadata.get()).toEqual(DOCUMENT);
      asked[2]?.resolve(Response.json(NEW_DOCUMENT));
      await turn();
      expect(await metadata.get()).toEqual(NEW_DOCUMENT);
    },
  );
});

describe('the origins from which the OP shows pages', () => {
  it('are those of its authorization and end session endpoints, each once', () => {
    expect(browserOrigins(DOCUMENT)).toEqual(['https://op.example', 'https://logout.op.example']);
    expect(browserOrigins({ ...DOCUMENT, end_session_endpoint: 'https://op.example/out' })).toEqual([
      'https://op.example',
    ]);
    expect(browserOrigins({ ...DOCUMENT, end_session_endpoint: undefined })).toEqual(['https://op.example']);
  });
});
