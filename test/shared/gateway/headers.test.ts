import { describe, expect, it } from '@jest/globals';
import { responseHeaders as headersBack, requestHeaders } from '../../../shared/gateway/headers.ts';
import { downstreamApi } from '../../support/downstream-api.ts';

describe('the headers that go to an API', () => {
  const send = (headers: Record<string, string>) =>
    requestHeaders(new Headers(headers), 'token-1', downstreamApi({ requestHeaders: ['consistencylevel'] }));

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
    'consistencylevel',
  ])('take %s along', (name) =>
    expect(send({ [name]: 'value' })).toEqual({ authorization: 'Bearer token-1', [name]: 'value' }),
  );

  it('leave here what Connection names, which is of that connection alone', () => {
    const named = { connection: 'close, Prefer,consistencylevel', prefer: 'x', consistencylevel: 'y', accept: 'z' };
    expect(send(named)).toEqual({ authorization: 'Bearer token-1', accept: 'z' });
    expect(send({ connection: 'authorization' })).toEqual({ authorization: 'Bearer token-1' });
  });
});

const responseHeaders = (headers: Parameters<typeof headersBack>[0]) =>
  headersBack(headers, downstreamApi({ responseHeaders: ['x-request-cost'] }));

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

  it('bring back what the settings name', () => {
    expect(responseHeaders({ 'x-request-cost': '3' })).toMatchObject({ 'x-request-cost': '3' });
  });

  it.each([['x-request-cost, etag'], [['close', 'X-Request-Cost', 'ETag']]])(
    'do not bring back what Connection names: %j',
    (connection) => {
      const headers = responseHeaders({ connection, 'x-request-cost': '3', etag: '"a"', 'content-type': 'text/csv' });
      expect(headers).toHaveProperty('content-type');
      for (const name of ['x-request-cost', 'etag', 'connection']) expect(headers).not.toHaveProperty(name);
    },
  );

  it('keep what disarms, whatever Connection names', () => {
    const named = { connection: 'content-security-policy, cache-control, x-content-type-options' };
    expect(responseHeaders(named)).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });

  it('join what came several times', () => {
    expect(responseHeaders({ vary: ['accept', 'origin'] })).toMatchObject({ vary: 'accept, origin' });
  });

  it.each(['caf\u00e9', Buffer.from('\u20ac').toString('latin1'), '\u20ac', 'a\u0001b', 'a\nb'])(
    'do not bring back what reads one way to one and another to the next: %j',
    (value) => {
      expect(responseHeaders({ 'x-request-cost': value, etag: '"a"' })).not.toHaveProperty('x-request-cost');
      expect(responseHeaders({ vary: ['accept', value] })).not.toHaveProperty('vary');
    },
  );

  it('keep a disposition whose name cannot be told, so that nothing is shown that was not to be', () => {
    const named = responseHeaders({ 'content-disposition': 'attachment; filename="caf\u00e9.html"; x=y' });
    expect(named).toMatchObject({ 'content-disposition': 'attachment' });
    expect(responseHeaders({ 'content-disposition': 'caf\u00e9; x=y' })).not.toHaveProperty('content-disposition');
    const told = `attachment; filename*=UTF-8''caf%C3%A9.html`;
    expect(responseHeaders({ 'content-disposition': told })).toMatchObject({ 'content-disposition': told });
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

  it.each([undefined, '', 'public, max-age=60', 'private, max-age=60', 'no-cache', 'immutable'])(
    'let no cache keep it, the browser’s own neither, though the API says %j',
    (said) => {
      const sent = responseHeaders({ 'cache-control': said, expires: 'Thu, 01 Dec 2094 16:00:00 GMT' });
      expect(sent).toMatchObject({ 'cache-control': 'no-store' });
      expect(sent).not.toHaveProperty('expires');
    },
  );
});
