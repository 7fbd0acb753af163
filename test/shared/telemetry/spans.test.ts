import { beforeAll, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Upstream } from '../../../shared/gateway/upstream.ts';
import { observedFetch, observedUpstream } from '../../../shared/telemetry/http.ts';
import { inInvocation } from '../../../shared/telemetry/invocation.ts';
import { countTableCall } from '../../../shared/telemetry/storage.ts';
import { type Recorder, startRecorder } from './recorded.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const HOST_SPAN = 'b7ad6b7169203331';
const INVOCATION = {
  invocationId: '5f2c',
  functionName: 'api',
  traceParent: `00-${TRACE_ID}-${HOST_SPAN}-01`,
  traceState: undefined,
};
const SECRETS = /secret|code=|Bearer|session_state/;

let recorder: Recorder;
beforeAll(() => {
  recorder = startRecorder();
});

const invoked = async <T>(work: () => Promise<T> | T): Promise<T> => inInvocation(INVOCATION, work)();
const written = (spans: readonly ReadableSpan[]): string =>
  JSON.stringify(spans.map(({ name, attributes, status, events }) => ({ name, attributes, status, events })));

describe('an invocation', () => {
  it('is drawn under the span of the Functions host', async () => {
    expect(await invoked(() => 'answer')).toBe('answer');
    const [span] = recorder.spans();
    expect(span?.name).toBe('api');
    expect(span?.spanContext().traceId).toBe(TRACE_ID);
    expect(span?.parentSpanContext?.spanId).toBe(HOST_SPAN);
    expect(span?.attributes).toEqual({ 'faas.invocation_id': '5f2c' });
  });

  it.each(['', 'nonsense', undefined])(
    'begins a trace of its own where the host sends none: %j',
    async (traceParent) => {
      await inInvocation({ ...INVOCATION, traceParent }, () => {})();
      expect(recorder.spans()[0]?.parentSpanContext).toBeUndefined();
    },
  );

  it('that throws is marked by the name of what it threw, and still throws', async () => {
    const thrown = new TypeError('a secret in a message');
    await expect(invoked(() => Promise.reject(thrown))).rejects.toBe(thrown);
    const spans = recorder.spans();
    expect(spans[0]?.attributes).toMatchObject({ 'error.type': 'TypeError' });
    expect(written(spans)).not.toMatch(SECRETS);
  });
});

describe('a call of storage', () => {
  const CALL = { table: 'accounts', operation: 'read', milliseconds: 40 } as const;

  it('is counted and timed, and drawn within its invocation for as long as it took', async () => {
    await invoked(() => countTableCall({ ...CALL, outcome: 'found' }));
    const [call, invocation] = recorder.spans();
    expect(call?.name).toBe('read accounts');
    expect(call?.parentSpanContext?.spanId).toBe(invocation?.spanContext().spanId);
    expect((call?.duration[1] ?? 0) / 1e6).toBeGreaterThanOrEqual(39);
    const what = 'db.collection.name=accounts,db.operation.name=read';
    expect(await recorder.metrics()).toEqual({
      [`exeunt.storage.calls{${what},exeunt.outcome=found}`]: 1,
      [`exeunt.storage.duration{${what}}`]: 0.04,
    });
  });

  it('that failed says why by its code', async () => {
    await invoked(() => countTableCall({ ...CALL, outcome: 'unavailable', reason: 'AuthorizationFailure' }));
    expect(recorder.spans()[0]?.attributes).toMatchObject({ 'error.type': 'AuthorizationFailure' });
    expect(Object.keys(await recorder.metrics())[0]).toContain('error.type=AuthorizationFailure');
  });

  it('outside any invocation is counted and not drawn', async () => {
    countTableCall({ ...CALL, outcome: 'found' });
    expect(recorder.spans()).toEqual([]);
    expect(Object.keys(await recorder.metrics())).toHaveLength(2);
  });
});

describe('a call of the OP', () => {
  const nameOf = (url: string): string => (url === 'https://op.example/token' ? 'token' : 'other');

  it('is named by its endpoint and says its status, and neither query nor header nor body', async () => {
    const fetchIt = observedFetch(nameOf, async () => new Response('{"access_token":"secret"}', { status: 400 }));
    const asked = { method: 'POST', headers: { a: 'secret' }, body: 'secret' };
    await invoked(() => fetchIt('https://op.example/token?code=secret', asked));
    const spans = recorder.spans();
    expect(spans[0]?.name).toBe('POST token');
    expect(spans[0]?.attributes).toEqual({
      'http.request.method': 'POST',
      'server.address': 'op.example',
      'server.port': 443,
      'http.response.status_code': 400,
      'error.type': '400',
    });
    expect(written(spans)).not.toMatch(SECRETS);
  });

  it('is the active span while it lasts', async () => {
    let during: string | undefined;
    const fetchIt = observedFetch(nameOf, async () => {
      during = trace.getActiveSpan()?.spanContext().spanId;
      return new Response();
    });
    await invoked(() => fetchIt('https://op.example/keys'));
    expect(during).toBeDefined();
    expect(recorder.spans()[0]?.spanContext().spanId).toBe(during);
  });
});

it('a call outside an invocation is not drawn: without an SDK every one is', async () => {
  await observedFetch(
    () => 'keys',
    async () => new Response(),
  )('https://op.example/keys');
  expect(recorder.spans()).toEqual([]);
});

describe('a call of a downstream API', () => {
  const CALL = {
    method: 'GET',
    url: 'https://api.example:8443/v1/people/secret?session_state=secret',
    headers: { authorization: 'Bearer secret' },
    body: null,
    limits: { silenceMilliseconds: 1, requestBytesMax: 1 },
    gone: new AbortController().signal,
  };

  it.each([
    ['answers', { outcome: 'answered', status: 200 }, { 'http.response.status_code': 200 }],
    ['does not', { outcome: 'timeout', reason: 'UND_ERR_HEADERS_TIMEOUT' }, { 'error.type': 'timeout' }],
  ])('says where it went and what came, but no path, where the API %s', async (_, answer, attributes) => {
    const upstream = observedUpstream((async () => answer) as unknown as Upstream);
    expect(await invoked(() => upstream(CALL))).toBe(answer);
    const spans = recorder.spans();
    expect(spans[0]?.attributes).toEqual({
      'http.request.method': 'GET',
      'server.address': 'api.example',
      'server.port': 8443,
      ...attributes,
    });
    expect(written(spans)).not.toMatch(SECRETS);
  });
});
