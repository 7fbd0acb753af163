import type { Spec } from '../catalogue.ts';

export const rfc7009: Spec = {
  id: 'rfc7009',
  title: 'RFC 7009, OAuth 2.0 Token Revocation',
  url: 'https://www.rfc-editor.org/rfc/rfc7009',
  part: 'what binds a client',
  counted: 'by the expression of the script, over the text',
  sections: [
    {
      section: '2',
      requirements: [
        {
          id: '2-https',
          keyword: 'MUST',
          says: 'Nothing is sent to a revocation endpoint by http, but on loopback names: metadata with one are refused.',
        },
        {
          id: '2-post',
          keyword: 'needs',
          says: 'A refresh token that is no longer needed is revoked by an HTTP POST to the endpoint that discovery gives.',
        },
      ],
      others: { keywords: 7, who: 'the authorization server, and whoever publishes the URL' },
    },
    {
      section: '2.1',
      requirements: [
        {
          id: '2.1-token',
          keyword: 'REQUIRED',
          says: 'The request is a form with `token`, in the body and not in the address.',
        },
        {
          id: '2.1-hint',
          keyword: 'needs',
          says: '`token_type_hint` says `refresh_token`, one of the two words that the text defines.',
        },
        { id: '2.1-credentials', keyword: 'needs', says: 'The client proves itself as at the token endpoint.' },
      ],
      others: { keywords: 2, who: 'the authorization server' },
    },
    {
      section: '2.2',
      requirements: [
        {
          id: '2.2-status-alone',
          keyword: 'needs',
          says: 'What is in the body of a successful answer is ignored: the status says all.',
        },
        {
          id: '2.2-errors-ignored',
          keyword: 'needs',
          says: 'A token that the OP does not know is as good as revoked: its 200 is a success.',
        },
      ],
    },
    {
      section: '2.2.1',
      requirements: [
        {
          id: '2.2.1-503',
          keyword: 'needs',
          says: 'After a 503 the token is thought to live still: it is counted as not revoked. (It may be tried again; it is not.)',
        },
        {
          id: '2.2.1-error',
          keyword: 'needs',
          says: 'A refusal, `unsupported_token_type` among them, keeps no sign-out from being done.',
        },
      ],
    },
    {
      section: '5',
      requirements: [
        {
          id: '5-authenticated-endpoint',
          keyword: 'MUST',
          says: 'The endpoint is authenticated: no token goes to where it redirects.',
        },
      ],
      others: { keywords: 2, who: 'the authorization server' },
    },
  ],
  elsewhere: [{ sections: ['1.1'], because: 'notation' }],
};
