import { describe, expect, it } from '@jest/globals';
import { clientRequests } from '../../../shared/oidc/client-requests.ts';

const SECRET = { kind: 'secret', secret: 'client-secret' } as const;
const REQUEST = {
  endpoint: 'https://op.example/par',
  fields: { a: 'b' },
  methods: undefined,
  deadlineMilliseconds: 5_000,
};
const to = (answer: typeof fetch, proof: Parameters<typeof clientRequests>[2] = SECRET) =>
  clientRequests('client-1', 'https://op.example', proof, answer);

describe("the application's own request to the OP", () => {
  it('is a form by POST that follows no redirect, and gives status and JSON', async () => {
    const sent: { url: string; options: RequestInit | undefined }[] = [];
    const requests = to(async (url, options) => {
      sent.push({ url: String(url), options });
      return Response.json({ request_uri: 'urn:x' }, { status: 201 });
    });
    expect(await requests(REQUEST)).toEqual({ outcome: 'answered', status: 201, body: { request_uri: 'urn:x' } });
    expect(sent).toMatchObject([{ url: REQUEST.endpoint, options: { method: 'POST', redirect: 'error' } }]);
    expect(Object.fromEntries(sent[0]?.options?.body as URLSearchParams)).toEqual({
      a: 'b',
      client_id: 'client-1',
      client_secret: 'client-secret',
    });
  });

  it.each([
    ['a page', () => new Response('<html>', { status: 200 })],
    ['nothing', () => new Response(null, { status: 200 })],
    ['more than any answer is', () => new Response(JSON.stringify('x'.repeat(20_000)), { status: 200 })],
  ])('takes %s for an answer without words', async (_, answer) => {
    expect(await to(async () => answer())(REQUEST)).toEqual({ outcome: 'answered', status: 200, body: null });
  });

  it('lets go of an answer without end', async () => {
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(4_096)),
      cancel: () => {
        cancelled = true;
      },
    });
    expect(await to(async () => new Response(endless))(REQUEST)).toMatchObject({ body: null });
    expect(cancelled).toBe(true);
  });

  it('is given up at its deadline: an OP, or an identity, that hangs is told from one that is not there', async () => {
    const soon = { ...REQUEST, deadlineMilliseconds: 10 };
    const hangs = () => new Promise<never>(() => {});
    expect(await to(hangs)(soon)).toEqual({ outcome: 'failed', reason: 'deadline' });
    const never = { kind: 'assertion', assertionFor: hangs } as const;
    expect(await to(async () => new Response(), never)(soon)).toEqual({ outcome: 'failed', reason: 'deadline' });
    const gone = () => Promise.reject(new TypeError('fetch failed: https://op.example/par?secret'));
    expect(await to(gone)(REQUEST)).toEqual({ outcome: 'failed', reason: 'unreachable' });
  });

  it('is not sent at all where the credential cannot be had', async () => {
    const none = { kind: 'assertion', assertionFor: () => Promise.reject(new Error('no identity here')) } as const;
    const asked: unknown[] = [];
    const requests = to(async (url) => {
      asked.push(url);
      return new Response();
    }, none);
    expect(await requests(REQUEST)).toEqual({ outcome: 'failed', reason: 'unreachable' });
    expect(asked).toEqual([]);
  });
});
