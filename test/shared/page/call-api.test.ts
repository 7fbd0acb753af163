import { afterEach, describe, expect, it } from '@jest/globals';
import { apiPath, callApi, prettyPrint, signInUrlOf } from '../../../shared/page/browser/call-api.ts';

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

/** Answers every request alike, and keeps what was asked. */
function answerWith(make: () => Response): { asked: { url: string; init: RequestInit | undefined }[] } {
  const asked: { url: string; init: RequestInit | undefined }[] = [];
  globalThis.fetch = async (url, init) => {
    asked.push({ url: String(url), init });
    return make();
  };
  return { asked };
}
const call = { api: 'graph', method: 'GET', path: '/me', body: null };
const signal = () => new AbortController().signal;

describe('the path of an API call', () => {
  it('is the path typed, with its query', () => {
    expect(apiPath('graph', '/users/7?$top=1')).toBe('/api/graph/users/7?$top=1');
  });

  it.each(['/../../auth/signout', '/%2e%2e/other/x', '/..', 'me', ''])('does not leave the API by %j', (path) => {
    expect(apiPath('graph', path)).toBeNull();
  });
});

describe('an API call', () => {
  it('carries the CSRF header, and the body as JSON where there is one', async () => {
    const { asked } = answerWith(() => new Response('{}'));
    await callApi({ ...call, method: 'POST', body: '{"a":1}' }, signal());
    expect(asked[0]).toMatchObject({
      url: '/api/graph/me',
      init: { method: 'POST', body: '{"a":1}', headers: { 'x-csrf': '1', 'content-type': 'application/json' } },
    });
  });

  it('gives the status and the body laid out', async () => {
    answerWith(() => Response.json({ id: 7 }, { statusText: 'OK' }));
    expect(await callApi(call, signal())).toMatchObject({ status: '200 OK', ok: true, text: '{\n  "id": 7\n}' });
  });

  it('says when nobody is signed in any more, and where to sign in for an API that wants it', async () => {
    answerWith(() => Response.json({ signInUrl: '/auth/signin?api=graph' }, { status: 401 }));
    expect(await callApi(call, signal())).toMatchObject({ unauthorized: true, signInUrl: '/auth/signin?api=graph' });
  });

  it('names what is not text and does not show it', async () => {
    answerWith(() => new Response(new Uint8Array(9), { headers: { 'content-type': 'image/png' } }));
    expect((await callApi(call, signal()))?.text).toBe('image/png, 9 bytes');
  });

  it('says so when nothing answers, and sends nothing that leaves the API', async () => {
    globalThis.fetch = async () => {
      throw new TypeError('network');
    };
    expect(await callApi(call, signal())).toMatchObject({ ok: false, status: 'No answer' });
    const { asked } = answerWith(() => new Response());
    expect(await callApi({ ...call, path: '/../../auth/signout' }, signal())).toMatchObject({ ok: false });
    expect(asked).toEqual([]);
  });

  it('gives nothing once aborted, even where the answer came', async () => {
    const abort = new AbortController();
    answerWith(() => {
      abort.abort();
      return Response.json({ private: true });
    });
    expect(await callApi(call, abort.signal)).toBeNull();
  });
});

describe('what is shown of a body', () => {
  it('is left alone where it is not JSON', () => {
    expect(prettyPrint('<b>hello')).toBe('<b>hello');
  });

  it.each(['https://evil.example/', '//evil.example', 'javascript:alert(1)', '/auth/signin', 7, null])(
    'is no sign-in link where it says %j',
    (signInUrl) => {
      expect(signInUrlOf(JSON.stringify({ signInUrl }))).toBeNull();
    },
  );

  it('is no sign-in link where the body is no JSON object', () => {
    for (const text of ['', 'null', '[]', 'x']) expect(signInUrlOf(text)).toBeNull();
  });
});
