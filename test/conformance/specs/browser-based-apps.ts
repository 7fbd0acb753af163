import type { Spec } from '../catalogue.ts';

export const browserBasedApps: Spec = {
  id: 'browser-based-apps',
  title: 'OAuth 2.0 for Browser-Based Applications',
  url: 'https://datatracker.ietf.org/doc/draft-ietf-oauth-browser-based-apps/',
  part: 'the Backend For Frontend, section 6.1',
  counted: 'by script',
  sections: [
    {
      section: '6.1.1',
      requirements: [
        {
          id: '6.1.1-cookie',
          keyword: 'needs',
          says: 'The cookie is taken off a request before it is forwarded, and the access token put on.',
        },
      ],
    },
    {
      section: '6.1.2.1',
      requirements: [
        {
          id: '6.1.2.1-check-session',
          keyword: 'needs',
          says: 'A page can ask whether somebody is signed in, and learns no token.',
        },
      ],
    },
    {
      section: '6.1.2.2',
      requirements: [{ id: '6.1.2.2-refresh-token', keyword: 'needs', says: 'A session ends with its refresh token.' }],
    },
    {
      section: '6.1.3.1',
      requirements: [
        {
          id: '6.1.3.1-confidential',
          keyword: 'MUST',
          says: 'The BFF is a confidential client: it does not run without a credential.',
        },
        { id: '6.1.3.1-code', keyword: 'MUST', says: 'The BFF uses the authorization code grant.' },
      ],
    },
    {
      section: '6.1.3.2',
      requirements: [
        { id: '6.1.3.2-secure', keyword: 'MUST', says: 'Every cookie is `Secure`.' },
        { id: '6.1.3.2-http-only', keyword: 'MUST', says: 'Every cookie is `HttpOnly`.' },
        {
          id: '6.1.3.2-same-site',
          keyword: 'SHOULD',
          says: 'Every cookie is `SameSite=Strict`.',
          deviates:
            "they are `Lax`: a Strict cookie does not come along on the way back from the OP, so that the person would look signed out there; against CSRF stand the header `x-csrf` and the check of `Origin`. (With `form_post` the attempt's cookie is `None`, or the POST would come without it)",
        },
        { id: '6.1.3.2-path', keyword: 'SHOULD', says: 'The path of every cookie is `/`.' },
        { id: '6.1.3.2-domain', keyword: 'SHOULD NOT', says: 'No cookie has a `Domain`.' },
        {
          id: '6.1.3.2-prefix',
          keyword: 'SHOULD',
          says: 'Cookie names begin with a prefix that browsers hold to (`__Host-`).',
        },
        {
          id: '6.1.3.2-encrypted',
          keyword: 'SHOULD',
          says: 'A cookie that carries access tokens is encrypted.',
          notApplicable:
            'no cookie carries a token (§6.1.3.2: "client-side sessions that contain access tokens"); they are sealed all the same',
        },
      ],
      others: { keywords: 1, who: 'nobody: a note that speaks of the keyword' },
    },
    {
      section: '6.1.3.3',
      requirements: [
        {
          id: '6.1.3.3-csrf',
          keyword: 'MUST',
          says: "A page of another origin, a sibling's too, can neither call an API nor sign anybody out.",
        },
      ],
    },
    {
      section: '6.1.3.3.2',
      requirements: [
        {
          id: '6.1.3.3.2-header',
          keyword: 'SHOULD',
          says: 'API calls carry a header of their own, which no other origin can send without being asked.',
        },
        {
          id: '6.1.3.3.2-every',
          keyword: 'MUST',
          says: "Every API call carries it, reads too. (An API's setting may open its reads to what the browser says comes from this origin alone.)",
        },
      ],
    },
    {
      section: '6.1.3.6',
      requirements: [
        { id: '6.1.3.6-hosts', keyword: 'MUST', says: 'Requests go to the hosts in the settings and nowhere else.' },
        { id: '6.1.3.6-dynamic', keyword: 'MUST', says: 'What a path brings cannot lead it elsewhere.' },
        { id: '6.1.3.6-paths', keyword: 'MUST', says: 'Only the paths and methods listed are forwarded.' },
      ],
    },
  ],
  elsewhere: [
    { sections: ['2', '11'], because: 'notation, and the history of the document' },
    {
      sections: [
        ...['6.2.2.3', '6.2.3.1'],
        ...['6.3.2', '6.3.2.1', '6.3.2.2', '6.3.2.3', '6.3.3.1', '6.3.3.2', '6.3.3.2.1', '6.3.3.3', '6.3.3.4'],
      ],
      because: 'the other two patterns, where the browser gets tokens',
    },
    {
      sections: ['7.2', '7.3'],
      because: 'architectures that are discouraged; the grants are in RFC 9700 §2.1.2 and §2.4',
    },
    { sections: ['8.1', '8.2'], because: 'storage of tokens in the browser, where none is' },
    { sections: ['9.1'], because: 'binds the authorization server' },
  ],
};
