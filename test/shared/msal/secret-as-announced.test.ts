import { describe, expect, it } from '@jest/globals';
import { networkClient } from '../../../shared/msal/network-client.ts';
import { secretAsAnnounced } from '../../../shared/msal/secret-as-announced.ts';
import type { ClientCredential } from '../../../shared/settings/settings.ts';
import { OP_METADATA } from '../../support/application.ts';

const BODY = 'grant_type=refresh_token&client_id=client-1&client_secret=a%20secret';

/** What goes out of what MSAL sends, at an OP that announces these methods. */
async function sentAt(methods: string[] | undefined, credential: ClientCredential) {
  const sent: RequestInit[] = [];
  const network = networkClient(async (_, options) => {
    sent.push(options ?? {});
    return Response.json({ token_type: 'Bearer', access_token: 'token-1' });
  });
  const metadata = { ...OP_METADATA, token_endpoint_auth_methods_supported: methods };
  const announced = secretAsAnnounced({ clientId: 'client-1', credential }, metadata, network);
  await announced.sendPostRequestAsync(OP_METADATA.token_endpoint, { headers: { a: 'b' }, body: BODY });
  return { headers: sent[0]?.headers, body: sent[0]?.body };
}

describe("MSAL's client secret", () => {
  const secret: ClientCredential = { kind: 'secret', secret: 'a secret' };

  it('moves from the form into the header where the OP announces the header alone', async () => {
    const authorization = `Basic ${Buffer.from('client-1:a+secret').toString('base64')}`;
    expect(await sentAt(['client_secret_basic'], secret)).toEqual({
      headers: { a: 'b', authorization },
      body: 'grant_type=refresh_token',
    });
  });

  it.each([
    [undefined, secret],
    [['client_secret_post'], secret],
    [['client_secret_basic', 'client_secret_post'], secret],
    [['client_secret_basic'], { kind: 'managed-identity', managedIdentityClientId: 'mi-1' } as const],
  ])('stays as it is at %j with %j', async (methods, credential) => {
    expect(await sentAt(methods, credential)).toEqual({ headers: { a: 'b' }, body: BODY });
  });
});
