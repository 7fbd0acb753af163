import type { Spec } from '../catalogue.ts';

const ONE_OP =
  'one OP is configured, and mix-up takes two (§4.4.2: "interacts with two or more authorization servers")';

export const rfc9700: Spec = {
  id: 'rfc9700',
  title: 'RFC 9700, Best Current Practice for OAuth 2.0 Security',
  url: 'https://www.rfc-editor.org/rfc/rfc9700',
  part: 'what binds a client in sections 2 to 4: how a session comes to be, and what may be done with its tokens',
  counted:
    'by script, in the last draft before the RFC (-29), since the source of the RFC could not be had; sections 2.1.2 to 3 of the RFC were read beside it, and have the same counts',
  sections: [
    {
      section: '2.1',
      requirements: [
        {
          id: '2.1-open-redirector',
          keyword: 'MUST NOT',
          says: 'No address here sends the browser wherever a parameter says.',
        },
        {
          id: '2.1-csrf',
          keyword: 'MUST',
          says: 'A callback that the OP was not asked for in this browser signs nobody in.',
        },
        { id: '2.1-state', keyword: 'MUST', says: '`state` is used once and is bound to the browser.' },
        {
          id: '2.1-mix-up',
          keyword: 'REQUIRED',
          says: 'With several OPs there is a defence against mix-up.',
          notApplicable: ONE_OP,
        },
        { id: '2.1-iss', keyword: 'SHOULD', says: '`iss` of the response is compared (RFC 9207).' },
      ],
      others: { keywords: 2, who: 'the authorization server' },
    },
    {
      section: '2.1.1',
      requirements: [
        {
          id: '2.1.1-injection',
          keyword: 'MUST',
          says: 'A code that another browser obtained is refused before it is redeemed.',
        },
        {
          id: '2.1.1-public',
          keyword: 'MUST',
          says: 'Public clients use PKCE.',
          notApplicable: 'this is a confidential client; it uses PKCE all the same (§2.1.1, next item)',
        },
        { id: '2.1.1-pkce', keyword: 'RECOMMENDED', says: 'PKCE is used.' },
        {
          id: '2.1.1-transaction',
          keyword: 'MUST',
          says: 'Challenge and `nonce` are new for each attempt, and tied to the browser that set out.',
        },
        { id: '2.1.1-s256', keyword: 'SHOULD', says: 'The challenge is S256: the request does not show the verifier.' },
      ],
      others: { keywords: 5, who: 'the authorization server' },
    },
    {
      section: '2.1.2',
      requirements: [
        {
          id: '2.1.2-code',
          keyword: 'SHOULD',
          keywords: 2,
          says: 'The response type is `code`; no token comes in a response through the browser.',
        },
      ],
    },
    {
      section: '2.4',
      requirements: [
        {
          id: '2.4-password',
          keyword: 'MUST NOT',
          says: 'The password grant is not used: the grants are code and refresh token.',
        },
      ],
    },
    {
      section: '2.5',
      requirements: [
        {
          id: '2.5-asymmetric',
          keyword: 'RECOMMENDED',
          says: 'The client can authenticate with a key pair (certificate) instead of a secret.',
        },
      ],
      others: { keywords: 1, who: 'the authorization server' },
    },
    {
      section: '2.6',
      requirements: [
        {
          id: '2.6-metadata',
          keyword: 'RECOMMENDED',
          says: "Endpoints come from the OP's metadata and not from settings.",
        },
        {
          id: '2.6-tls-api',
          keyword: 'RECOMMENDED',
          says: 'TLS reaches from here to the resource server: an API by http elsewhere than on loopback is refused.',
        },
        {
          id: '2.6-response',
          keyword: 'MUST NOT',
          says: 'Authorization responses do not travel without TLS: an http origin elsewhere than on loopback is refused.',
        },
        {
          id: '2.6-in-browser',
          keyword: 'MUST',
          says: 'Sender and receiver of an in-browser message are verified.',
          notApplicable: 'responses come by redirect or form post (§2.6: "if … in-browser communication")',
        },
      ],
      others: { keywords: 3, who: 'the authorization server' },
    },
    {
      section: '4.1.3',
      requirements: [
        {
          id: '4.1.3-open-redirector',
          keyword: 'MUST NOT',
          says: 'The host of the redirect URI has no open redirector.',
        },
        { id: '4.1.3-code', keyword: 'SHOULD', says: 'The response type is `code`.' },
      ],
      others: { keywords: 2, who: 'the authorization server' },
    },
    {
      section: '4.2.4',
      requirements: [
        {
          id: '4.2.4-third-party',
          keyword: 'SHOULD NOT',
          says: 'What the callback shows loads nothing from elsewhere and links nowhere else.',
        },
        { id: '4.2.4-state', keyword: 'SHOULD', says: 'After its first use a `state` is worth nothing.' },
      ],
      others: { keywords: 2, who: 'the authorization server' },
    },
    {
      section: '4.3.2',
      requirements: [
        { id: '4.3.2-query', keyword: 'MUST NOT', says: 'Access tokens go to APIs in a header, never in a URL.' },
      ],
    },
    {
      section: '4.4.2',
      requirements: [
        { id: '4.4.2-mix-up', keyword: 'MUST', says: 'With several OPs, mix-up is prevented.', notApplicable: ONE_OP },
        {
          id: '4.4.2-issuer',
          keyword: 'MUST',
          says: 'The issuer asked is kept for each request.',
          notApplicable: ONE_OP,
        },
      ],
    },
    {
      section: '4.4.2.1',
      requirements: [
        {
          id: '4.4.2.1-iss',
          keyword: 'MUST',
          keywords: 3,
          says: 'The issuer of the response is compared as RFC 9207 says, and a mismatch ends the attempt.',
        },
      ],
    },
    {
      section: '4.4.2.2',
      requirements: [
        {
          id: '4.4.2.2-redirect-uris',
          keyword: 'MUST',
          keywords: 4,
          says: 'Each issuer has a redirect URI of its own.',
          notApplicable: 'the other defence is used (§4.4.2.2: "only be used if other options are not available")',
        },
      ],
    },
    {
      section: '4.5.3.2',
      requirements: [
        {
          id: '4.5.3.2-nonce',
          keyword: 'MUST',
          keywords: 2,
          says: '`nonce` of the ID token is validated, and until it has passed no token is used or kept.',
        },
      ],
    },
    {
      section: '4.7.1',
      requirements: [
        {
          id: '4.7.1-pkce',
          keyword: 'MUST',
          says: 'Who relies on PKCE against CSRF knows that the OP supports it.',
          notApplicable:
            'PKCE is not relied on for that: `state` and `nonce` are always there (§4.7.1: "before using PKCE for CSRF protection")',
        },
        { id: '4.7.1-state', keyword: 'MUST', says: '`state` and `nonce` are used whatever the OP supports.' },
        {
          id: '4.7.1-tampering',
          keyword: 'MUST',
          says: 'Where a sign-in leads cannot be changed on the way: `state` carries nothing, and the cookie is sealed.',
        },
      ],
      others: { keywords: 2, who: 'the authorization server' },
    },
    {
      section: '4.11.1',
      requirements: [
        {
          id: '4.11.1-open-redirector',
          keyword: 'MUST NOT',
          says: 'The client is no open redirector: only its own paths are returned to.',
        },
      ],
    },
  ],
  elsewhere: [
    {
      sections: ['2.2.1', '2.3', '4.8.2', '4.9.3', '4.10', '4.11.2', '4.12', '4.14.2', '4.15', '4.15.1', '4.16'],
      because: 'bind authorization and resource servers',
    },
    { sections: ['2.2.2'], because: 'refresh tokens of public clients; this is a confidential one' },
    { sections: ['3'], because: 'the attacker model: this catalogue and the threat model are the answer' },
    {
      sections: ['4.13'],
      because:
        "binds the reverse proxy in front, Azure's; URLs are made of `PUBLIC_ORIGIN` alone, and a forwarded host is believed only of a proxy that proves itself (`TRUSTED_PROXY`)",
    },
    { sections: ['4.17.2'], because: 'in-browser messages, which are not used' },
  ],
};
