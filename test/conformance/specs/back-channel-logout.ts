import type { Spec } from '../catalogue.ts';

export const backChannelLogout: Spec = {
  id: 'back-channel-logout',
  title: 'OpenID Connect Back-Channel Logout 1.0',
  url: 'https://openid.net/specs/openid-connect-backchannel-1_0.html',
  part: 'all of it',
  counted: 'by script',
  sections: [
    {
      section: '2.2',
      requirements: [
        { id: '2.2-absolute', keyword: 'MUST', says: 'The logout address is an absolute URI.' },
        { id: '2.2-fragment', keyword: 'MUST NOT', says: 'The logout address has no fragment.' },
        { id: '2.2-https', keyword: 'SHOULD', says: 'The logout address is https; http on loopback names alone.' },
        {
          id: '2.2-session-required',
          keyword: 'SHOULD',
          says: '`backchannel_logout_session_required` is registered.',
          notApplicable: 'there is no dynamic registration here (§2.2: "if the RP supports" it)',
        },
      ],
      others: { keywords: 1, who: 'the OP' },
    },
    {
      section: '2.4',
      requirements: [
        {
          id: '2.4-claims-required',
          keyword: 'REQUIRED',
          keywords: 6,
          says: 'A logout token without `iss`, `aud`, `iat`, `exp`, `jti` or `events` is refused.',
        },
        { id: '2.4-event', keyword: 'MUST', says: 'The member of `events` that names a logout is an object.' },
        {
          id: '2.4-sub-or-sid',
          keyword: 'MUST',
          says: 'A logout token names a `sub` or a `sid`; both, or one alone, will do.',
        },
        {
          id: '2.4-nonce',
          keyword: 'MUST NOT',
          keywords: 2,
          says: 'A logout token with a `nonce` is refused, so that no ID token passes for one.',
        },
        { id: '2.4-unknown-claims', keyword: 'MUST', says: 'Claims that are not understood are ignored.' },
        { id: '2.4-signed', keyword: 'MUST', says: "A logout token is signed by the OP; a stranger's ends nothing." },
        {
          id: '2.4-encrypted',
          keyword: 'SHOULD',
          says: 'An encrypted logout token repeats `iss` in its header.',
          notApplicable: 'no encryption is negotiated (§2.4: "if the Logout Token is encrypted")',
        },
        {
          id: '2.4-typ',
          keyword: 'RECOMMENDED',
          says: 'A logout token says by `typ` that it is one (`logout+jwt`); another type is refused.',
        },
      ],
      others: { keywords: 1, who: 'the OP' },
    },
    {
      section: '2.5',
      requirements: [
        {
          id: '2.5-parameters',
          keyword: 'MUST',
          says: 'Parameters beside `logout_token` that are not understood are ignored.',
        },
      ],
      others: { keywords: 2, who: 'the OP' },
    },
    {
      section: '2.6',
      requirements: [
        {
          id: '2.6-validated',
          keyword: 'MUST',
          says: 'The logout token is validated: `iss` ours, `aud` us, `iat` and `exp` in time.',
        },
        {
          id: '2.6-encryption',
          keyword: 'SHOULD',
          says: 'A logout token that is not encrypted is refused where encryption was negotiated.',
          notApplicable: 'no encryption is negotiated (§2.6 step 1: "if ID Token encryption was negotiated")',
        },
        {
          id: '2.6-alg',
          keyword: 'SHOULD',
          says: '`alg` is RS256, or the one agreed on.',
          deviates:
            'as for ID tokens: every asymmetric algorithm of the OP passes by default, and `AUTH_SIGNING_ALGORITHMS` narrows it',
        },
        { id: '2.6-alg-none', keyword: 'MUST NOT', says: '`alg` `none` is refused.' },
        {
          id: '2.6-replay',
          keyword: 'needs',
          says: 'The same logout token again ends nothing that is newer than it: it acts as of its `iat`.',
        },
      ],
    },
    {
      section: '2.7',
      requirements: [
        {
          id: '2.7-refresh-tokens',
          keyword: 'SHOULD',
          says: 'Refresh tokens of the session are of no more use: they are deleted with it.',
        },
        {
          id: '2.7-offline-access',
          keyword: 'SHOULD NOT',
          says: 'Refresh tokens that were issued with `offline_access` are not revoked.',
          deviates:
            'they are deleted with the session, and revoked at an OP that can, since that is what a sign-out is here for: none is left behind that nobody can see',
        },
        { id: '2.7-sub', keyword: 'needs', says: 'A logout token with `sub` alone ends every session of that person.' },
      ],
    },
    {
      section: '2.8',
      requirements: [
        {
          id: '2.8-ok',
          keyword: 'MUST',
          says: 'A logout that is done is answered 200, and so is one of somebody who is not signed in.',
        },
        { id: '2.8-invalid', keyword: 'MUST', says: 'A request that is not valid is answered 400.' },
        {
          id: '2.8-failed',
          keyword: 'MUST',
          keywords: 0,
          says: 'A logout that failed is answered 400 (the same sentence and keyword as the one before).',
          deviates:
            'it is answered 503, which tells the OP to come again (§2.5 has it retransmit where that may help); 400 would say that the token is wrong',
        },
        { id: '2.8-error', keyword: 'REQUIRED', says: 'The body of a refusal is JSON with `error`.' },
        { id: '2.8-no-store', keyword: 'SHOULD', says: 'The answer says `Cache-Control: no-store`.' },
      ],
    },
  ],
  elsewhere: [
    { sections: ['1.1', '3'], because: 'notation; §3 repeats that REQUIRED and MUST bind' },
    { sections: ['2.1'], because: 'binds the OP' },
  ],
};
