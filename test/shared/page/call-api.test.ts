import { describe, expect, it } from '@jest/globals';
import type * as Client from '../../../shared/client/browser/exeunt.d.ts';
import { callApi, prettyPrint } from '../../../shared/page/browser/call-api.ts';

type Send = typeof Client.call;

const call = { api: 'graph', method: 'GET', path: '/me', body: null };
const signal = () => new AbortController().signal;
const answering =
  (response: Response): Send =>
  async () =>
    response;

describe('an API call of the page', () => {
  it('is sent as it was chosen, with the body as JSON where there is one', async () => {
    const sent: Parameters<Send>[] = [];
    const send: Send = async (...asked) => {
      sent.push(asked);
      return new Response('{}');
    };
    await callApi(send, { ...call, method: 'POST', body: '{"a":1}' }, signal());
    await callApi(send, call, signal());
    expect(sent).toMatchObject([
      ['graph', '/me', { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } }],
      ['graph', '/me', { method: 'GET', body: null, headers: {} }],
    ]);
  });

  it('gives the status and the body laid out', async () => {
    const send = answering(Response.json({ id: 7 }, { statusText: 'OK' }));
    expect(await callApi(send, call, signal())).toMatchObject({ status: '200 OK', ok: true, text: '{\n  "id": 7\n}' });
  });

  it('names what is not text and does not show it', async () => {
    const send = answering(new Response(new Uint8Array(9), { headers: { 'content-type': 'image/png' } }));
    expect((await callApi(send, call, signal()))?.text).toBe('image/png, 9 bytes');
  });

  it('says so when nothing answers, or nothing was sent', async () => {
    const send: Send = async () => {
      throw new TypeError('network, or a path that leads out of the API');
    };
    expect(await callApi(send, call, signal())).toMatchObject({
      ok: false,
      status: 'No answer, or no path of this API',
      text: '',
    });
  });

  it('gives nothing once aborted, even where the answer came', async () => {
    const abort = new AbortController();
    const send: Send = async () => {
      abort.abort();
      return Response.json({ private: true });
    };
    expect(await callApi(send, call, abort.signal)).toBeNull();
  });
});

describe('what is shown of a body', () => {
  it('is left alone where it is not JSON', () => {
    expect(prettyPrint('<b>hello')).toBe('<b>hello');
  });
});
