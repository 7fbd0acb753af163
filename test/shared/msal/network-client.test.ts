import { describe, expect, it } from '@jest/globals';
import { networkClient } from '../../../shared/msal/network-client.ts';

const TOKEN_ENDPOINT = 'https://op.example/token';
const answering = (answer: () => Response) => {
  const seen: RequestInit[] = [];
  const network = networkClient(async (_, options) => {
    seen.push(options ?? {});
    return answer();
  });
  return { network, seen };
};

describe("MSAL's way to the token endpoint", () => {
  it('sends what MSAL wants sent, follows no redirect, and gives status, headers and JSON', async () => {
    const { network, seen } = answering(() =>
      Response.json({ error: 'invalid_grant' }, { status: 400, headers: { 'x-ms-request-id': 'r1' } }),
    );
    const answer = await network.sendPostRequestAsync(TOKEN_ENDPOINT, { headers: { a: 'b' }, body: 'grant_type=x' });
    expect(answer).toMatchObject({
      status: 400,
      headers: { 'x-ms-request-id': 'r1' },
      body: { error: 'invalid_grant' },
    });
    expect(seen).toMatchObject([{ method: 'POST', redirect: 'error', headers: { a: 'b' }, body: 'grant_type=x' }]);
  });

  it('takes a large answer', async () => {
    const { network } = answering(() => Response.json({ token_type: 'Bearer', access_token: 'x'.repeat(100_000) }));
    expect(await network.sendPostRequestAsync(TOKEN_ENDPOINT)).toMatchObject({ status: 200 });
  });

  it('takes no answer without end, and lets go of it', async () => {
    let cancelled = false;
    const endless = () =>
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(16 * 1024)),
        cancel: () => {
          cancelled = true;
        },
      });
    const { network } = answering(() => new Response(endless()));
    await expect(network.sendPostRequestAsync(TOKEN_ENDPOINT)).rejects.toThrow(RangeError);
    expect(cancelled).toBe(true);
  });

  it('takes no page', async () => {
    const { network } = answering(() => new Response('<html>'));
    await expect(network.sendGetRequestAsync(TOKEN_ENDPOINT)).rejects.toThrow(SyntaxError);
  });
});
