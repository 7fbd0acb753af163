import type { Spec } from '../catalogue.ts';

export const rfc9126: Spec = {
  id: 'rfc9126',
  title: 'RFC 9126, OAuth 2.0 Pushed Authorization Requests',
  url: 'https://www.rfc-editor.org/rfc/rfc9126',
  part: 'what binds a client',
  counted: 'by script',
  sections: [
    {
      section: '2',
      requirements: [
        {
          id: '2-authentication',
          keyword: 'needs',
          says: 'The client proves itself at the endpoint as at the token endpoint.',
        },
        { id: '2-audience', keyword: 'SHOULD', says: 'A client assertion is for the issuer.' },
        {
          id: '2-https',
          keyword: 'needs',
          says: 'Nothing is pushed by http, but on loopback names: metadata with such an endpoint are refused.',
        },
      ],
      others: { keywords: 3, who: 'the authorization server' },
    },
    {
      section: '2.1',
      requirements: [
        {
          id: '2.1-parameters',
          keyword: 'needs',
          says: 'What would be in the address is a form that is posted: all of it, and the hints with it.',
        },
        { id: '2.1-no-request-uri', keyword: 'MUST NOT', says: '`request_uri` is not among what is pushed.' },
      ],
      others: { keywords: 2, who: 'the authorization server' },
    },
    {
      section: '2.2',
      requirements: [
        {
          id: '2.2-opaque',
          keyword: 'needs',
          says: 'The `request_uri` is taken as it came, whatever its form; an answer without one sends nobody anywhere.',
        },
      ],
      others: { keywords: 3, who: 'the authorization server' },
    },
    {
      section: '2.3',
      requirements: [
        { id: '2.3-errors', keyword: 'needs', says: 'An error is told, and no request goes into the address instead.' },
      ],
      others: { keywords: 2, who: 'the authorization server' },
    },
    {
      section: '3',
      requirements: [
        {
          id: '3-request-object',
          keyword: 'MUST',
          says: 'With a request object all parameters of the request are claims in it.',
          notApplicable: 'none is made (§3: "clients MAY use the `request` parameter")',
        },
      ],
      others: { keywords: 1, who: 'the authorization server' },
    },
    {
      section: '4',
      requirements: [
        { id: '4-address', keyword: 'needs', says: 'The address has `client_id` and `request_uri`, and nothing else.' },
        {
          id: '4-once',
          keyword: 'MUST',
          says: 'A `request_uri` is used once: each sign-in, and one sent round again, is pushed anew.',
        },
      ],
      others: { keywords: 3, who: 'the authorization server' },
    },
    {
      section: '5',
      requirements: [
        {
          id: '5-required',
          keyword: 'needs',
          says: 'Where the OP takes pushed requests alone, no other is sent to it, whatever the setting.',
        },
      ],
    },
    {
      section: '7.5',
      requirements: [
        { id: '7.5-swapping', keyword: 'SHOULD', says: 'What is pushed has PKCE, `state` and `nonce`, new each time.' },
      ],
    },
  ],
  elsewhere: [
    { sections: ['1.2'], because: 'notation' },
    { sections: ['7.1', '7.2', '7.3'], because: 'bind the authorization server' },
  ],
};
