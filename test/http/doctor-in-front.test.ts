import { describe, expect, it } from '@jest/globals';
import { changing, faultsOf, USUAL, withFront } from './support/doctor.ts';
import { localWorld } from './support/ground.ts';
import type { Meddling } from './support/in-front.ts';

const world = localWorld();
const stood = withFront(world);

const MEDDLING: readonly (readonly [what: string, meddling: Meddling, faults: Readonly<Record<string, RegExp>>])[] = [
  [
    'frames nobody',
    { answer: changing({ 'x-frame-options': 'DENY' }) },
    { 'front-channel': /^wrong: .*X-Frame-Options/ },
  ],
  [
    'keeps answers',
    { answer: changing({ 'cache-control': 'max-age=60' }) },
    { 'no-store': /^wrong: /, 'front-channel': /^wrong: .*stored/ },
  ],
  [
    'has a policy of its own',
    { answer: changing({ 'content-security-policy': "default-src *; frame-ancestors 'self'" }) },
    { 'page-headers': /^wrong: .*foreign scripts/, 'front-channel': /^wrong: .*may not frame/ },
  ],
  [
    'takes cookies away',
    { answer: changing({ 'set-cookie': undefined }) },
    { 'sign-in-cookie': /^wrong: .*no cookie/ },
  ],
  [
    'sets a cookie',
    { answer: changing({ 'set-cookie': 'ARRAffinity=1; Domain=localhost' }) },
    { 'other-cookies': /^warn: .*ARRAffinity/, 'sign-in-cookie': /^wrong: / },
  ],
  ['tells what it is', { answer: changing({ 'x-powered-by': 'it' }) }, { 'server-names': /^warn: .*x-powered-by/ }],
  ['says x-csrf for everybody', { request: () => ({ 'x-csrf': '1' }) }, { 'csrf-guard': /^wrong: .*404 api_unknown/ }],
  ['has EasyAuth on', { instead: (path) => (path === '/.auth/me' ? 401 : undefined) }, { easyauth: /^wrong: / }],
  [
    'lets nobody through to the doors',
    { instead: (path) => (/signout-callback|backchannel/.test(path) ? 403 : undefined) },
    {
      'front-channel': /^wrong: .*403/,
      'front-channel-iss': /^wrong: /,
      'front-channel-sid': /^unknown: /,
      'back-channel': /^wrong: .*403/,
    },
  ],
  [
    "leaves a caller's invocation id",
    { instead: (_, headers) => ('x-ms-invocation-id' in headers ? 'hang' : undefined) },
    { 'invocation-id': /^wrong: / },
  ],
  [
    'has a clock of its own',
    { answer: changing({ date: new Date(Date.now() - 600_000).toUTCString() }) },
    { clocks: /^wrong: / },
  ],
];

describe('the doctor, of what stands in front of the application', () => {
  it('finds nothing where it passes all on, but what the OP does not know', async () => {
    stood.front.lead(stood.app.port, {});
    expect(await faultsOf(stood.front)).toEqual({
      ...USUAL,
      sid: expect.stringMatching(/^unknown: /),
      'redirect-uri': expect.stringMatching(/^wrong: The OP does not know http:.*AADSTS50011/),
      'post-logout-uri': expect.stringMatching(/^unknown: The OP does not say/),
    });
  });

  it.each(MEDDLING)(
    'finds one that %s',
    async (_what, meddling, faults) => {
      stood.front.lead(stood.app.port, meddling);
      const triesInvocationId = 'invocation-id' in faults;
      const found = await faultsOf(stood.front, { triesInvocationId });
      const {
        sid: _,
        'redirect-uri': __,
        'post-logout-uri': ___,
        'logout-url': ____,
        'invocation-id': ids,
        ...others
      } = found;
      const shownFaults = triesInvocationId ? { ...others, 'invocation-id': ids } : others;
      const wanted = Object.entries(faults).map(([id, says]) => [id, expect.stringMatching(says)]);
      expect(shownFaults).toEqual(Object.fromEntries(wanted));
    },
    60_000,
  );
});
