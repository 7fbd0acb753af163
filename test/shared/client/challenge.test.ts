import { describe, expect, it } from '@jest/globals';
import { challengeOf } from '../../../shared/client/browser/challenge.ts';

const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
const refused = (body: unknown) =>
  challengeOf(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status: 401 }));

describe('a 401 of a call', () => {
  it('that asks for consent leads to the sign-in for that API', async () => {
    expect(await refused({ signInUrl: '/auth/signin?api=graph' })).toBe('/auth/signin?api=graph');
  });

  it('that asks for a step-up leads to the sign-in for what it names', async () => {
    const signInUrl = '/auth/signin?api=graph&acrs=c1&maxAge=300';
    expect(await refused({ code: 'step_up_required', signInUrl })).toBe(signInUrl);
  });

  it('with a claims challenge in the problem leads to the sign-in with those claims', async () => {
    const signInUrl = `/auth/signin?api=graph&${new URLSearchParams({ claims: CLAIMS })}`;
    expect(await refused({ signInUrl })).toBe(signInUrl);
  });

  it.each([
    ['for want of a session', { signInUrl: '/auth/signin' }],
    ['that names a place elsewhere', { signInUrl: 'https://evil.example/auth/signin?api=graph' }],
    ['that names another page of ours', { signInUrl: '/auth/signout?api=graph' }],
    ['that says nothing', 'Unauthorized'],
    ['that is JSON of another kind', null],
  ])('%s leads nowhere', async (_, body) => {
    expect(await refused(body)).toBeNull();
  });
});
