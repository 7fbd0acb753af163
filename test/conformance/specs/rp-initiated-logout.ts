import type { Spec } from '../catalogue.ts';

const NO_ID_TOKEN_HINT =
  'by default the `login_hint` claim goes as `logout_hint`, and no ID token: one in a URL is one in logs (G7), and Entra ID asks for no more; `SIGNOUT_HINT=id_token` sends it, in a form';

export const rpInitiatedLogout: Spec = {
  id: 'rp-initiated-logout',
  title: 'OpenID Connect RP-Initiated Logout 1.0',
  url: 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html',
  part: 'all of it',
  counted: 'by script',
  sections: [
    {
      section: '2',
      requirements: [
        {
          id: '2-id-token-hint',
          keyword: 'RECOMMENDED',
          keywords: 2,
          says: 'The logout request carries an `id_token_hint`.',
          deviates: NO_ID_TOKEN_HINT,
        },
        {
          id: '2-https',
          keyword: 'SHOULD',
          says: '`post_logout_redirect_uri` is https; http on loopback names alone.',
        },
        {
          id: '2-registered',
          keyword: 'MUST',
          says: '`post_logout_redirect_uri` is one that is registered: the OP sends the browser back there.',
        },
        {
          id: '2-client-id',
          keyword: 'needs',
          says: 'The request says by `client_id` whose it is, since no ID token does.',
        },
        {
          id: '2-state',
          keyword: 'needs',
          says: 'The request carries a `state`; whether or not it comes back, the return is no error.',
        },
        {
          id: '2-own-session',
          keyword: 'needs',
          says: 'Our own session ends before the browser leaves for the OP, and where nobody is signed in that is no error.',
        },
      ],
      others: { keywords: 9, who: 'the OP' },
    },
    {
      section: '3',
      requirements: [
        {
          id: '3-id-token-hint',
          keyword: 'RECOMMENDED',
          says: 'A request to be sent back carries an `id_token_hint`.',
          deviates: NO_ID_TOKEN_HINT,
        },
      ],
      others: { keywords: 2, who: 'the OP' },
    },
    {
      section: '3.1',
      requirements: [
        { id: '3.1-https', keyword: 'SHOULD', says: 'The address to register is https; http on loopback names alone.' },
      ],
    },
  ],
  elsewhere: [
    { sections: ['1.1', '5'], because: 'notation; §5 repeats that REQUIRED and MUST bind' },
    { sections: ['2.1', '4'], because: 'bind the OP: its metadata, and the validation of logout requests' },
  ],
};
