import { describe, expect, it } from '@jest/globals';
import { requestHeaders, responseHeaders } from '../../../shared/gateway/headers.ts';

describe('the headers that go to an API', () => {
  const send = (headers: Record<string, string>) => requestHeaders(new Headers(headers), 'token-1');

  it('carry the token, and not what the caller says it is', () => {
    expect(send({ authorization: 'Bearer stolen', Authorization: 'Basic x' })).toEqual({
      authorization: 'Bearer token-1',
    });
  });

  it.each([
    'cookie',
    'x-csrf',
    'host',
    'origin',
    'referer',
    'connection',
    'transfer-encoding',
    'te',
    'upgrade',
    'proxy-authorization',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-original-url',
    'x-ms-client-principal',
    'x-arr-ssl',
    'x-waws-unencoded-url',
    'client-ip',
    'disguised-host',
    'sec-fetch-site',
    'x-anything',
  ])('leave %s here', (name) => {
    expect(Object.keys(send({ [name]: 'value' }))).toEqual(['authorization']);
  });

  it.each([
    'accept',
    'accept-language',
    'content-type',
    'content-length',
    'if-none-match',
    'prefer',
    'range',
    'traceparent',
  ])('take %s along', (name) =>
    expect(send({ [name]: 'value' })).toEqual({ authorization: 'Bearer token-1', [name]: 'value' }),
  );
});

describe("the headers of an API's answer", () => {
  it.each([
    'set-cookie',
    'server',
    'x-powered-by',
    'location',
    'access-control-allow-origin',
    'strict-transport-security',
    'clear-site-data',
    'service-worker-allowed',
    'www-authenticate',
    'connection',
    'transfer-encoding',
    'link',
    'refresh',
  ])('do not bring %s back', (name) => {
    expect(responseHeaders({ [name]: 'value' })).not.toHaveProperty(name);
  });

  it('bring back what describes the content', () => {
    const described = { 'content-type': 'text/csv', 'content-encoding': 'br', 'content-length': '7', etag: '"a"' };
    expect(responseHeaders(described)).toMatchObject(described);
  });

  it('join what came several times', () => {
    expect(responseHeaders({ vary: ['accept', 'origin'] })).toMatchObject({ vary: 'accept, origin' });
  });

  it('disarm content: it is never a page of this origin, whatever the API says', () => {
    const headers = responseHeaders({
      'content-type': 'text/html',
      'content-security-policy': "default-src *; script-src 'unsafe-inline'",
      'x-content-type-options': 'off',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect(headers).toMatchObject({
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it('let nobody keep the answer where the API does not say', () => {
    expect(responseHeaders({})).toMatchObject({ 'cache-control': 'no-store' });
  });

  it.each([
    ['public, max-age=60', 'private, max-age=60'],
    ['max-age=60', 'private, max-age=60'],
    ['Public, S-MaxAge=600, max-age=60', 'private, max-age=60'],
    ['private, max-age=60', 'private, max-age=60'],
    ['private="set-cookie", max-age=60', 'private, max-age=60'],
    ['public', 'private'],
    ['no-cache', 'private, no-cache'],
    ['no-store', 'private, no-store'],
    ['', 'private'],
  ])('let no shared cache keep what was got with one person’s token: %j becomes %j', (said, sent) => {
    expect(responseHeaders({ 'cache-control': said })['cache-control']).toBe(sent);
  });
});
