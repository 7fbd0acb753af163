import { beforeEach, describe, expect, it } from '@jest/globals';
import { ownTriggers } from '../../functions/doors/own.ts';
import type { Visit } from '../../functions/edge.ts';
import { signin } from '../../functions/signin.ts';
import type { Application } from '../../shared/application/application.ts';
import type { Answer } from '../../shared/http/message.ts';
import { type SessionTicket, sealTicket } from '../../shared/session/ticket.ts';
import { testApplication } from '../support/application.ts';
import { APP_ORIGIN, testRequest } from '../support/request.ts';
import { scriptedCache } from '../support/scripted-token-client.ts';
import { signIn } from '../support/signins.ts';
import { createTestStore, type TestStore, withKeys } from '../support/store.ts';

let store: TestStore;
let ticket: SessionTicket;
let application: Application;
beforeEach(async () => {
  store = createTestStore();
  ticket = await signIn(store, { cache: scriptedCache() });
  ({ application } = testApplication({}, store));
});

const visit = (request: Visit['request']) =>
  ({ application, request, log: () => {}, receivedAt: store.ambient.now() }) as unknown as Visit;
const signOut = async (cookie: Record<string, string>): Promise<Answer> =>
  ownTriggers.signout(visit(testRequest({ origin: APP_ORIGIN, ...cookie }, 'POST')));
/** What the OP is asked at the next sign-in of a browser that keeps the cookies which an answer sets. */
async function promptAfter({ cookies }: Answer): Promise<string | null> {
  const kept = cookies.filter(({ maxAgeSeconds }) => maxAgeSeconds !== 0);
  const cookie = kept.map(({ name, value }) => `${name}=${value}`).join('; ');
  const request = { ...testRequest({ cookie }), url: `${APP_ORIGIN}/auth/signin?returnTo=/` };
  const { headers } = await signin(visit(request));
  return new URL(headers.location ?? '').searchParams.get('prompt');
}

describe('a sign-out with a session cookie that this instance cannot open', () => {
  it.each([
    ['sealed under a key that is not here', () => sealTicket(withKeys(store, ['other']).keyring, ticket)],
    ['made up', () => 'forged'],
  ])('has whoever is next asked who they are, as the OP’s session stands: %s', async (_what, cookie) => {
    const answer = await signOut({ cookie: `__Host-session=${cookie()}` });
    expect(answer.headers.location).toBe('/auth/signed-out');
    expect(await promptAfter(answer)).toBe('select_account');
  });

  it('where none came, leaves nothing behind', async () => {
    expect(await promptAfter(await signOut({}))).toBeNull();
  });
});
