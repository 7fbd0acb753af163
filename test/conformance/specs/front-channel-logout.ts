import type { Spec } from '../catalogue.ts';

export const frontChannelLogout: Spec = {
  id: 'front-channel-logout',
  title: 'OpenID Connect Front-Channel Logout 1.0',
  url: 'https://openid.net/specs/openid-connect-frontchannel-1_0.html',
  part: 'all of it',
  counted: 'by script',
  sections: [
    {
      section: '2',
      requirements: [
        {
          id: '2-same-origin',
          keyword: 'MUST',
          says: 'The logout address has scheme, host and port of the redirect URI.',
        },
        { id: '2-absolute', keyword: 'MUST', says: 'The logout address is an absolute URI.' },
        { id: '2-fragment', keyword: 'MUST NOT', says: 'The logout address has no fragment.' },
        {
          id: '2-iss-and-sid',
          keyword: 'MUST',
          keywords: 2,
          says: '`iss` and `sid` come both or neither.',
          deviates:
            '`sid` alone ends the session it names: Entra ID sends no `iss`. An `iss` that comes must be ours; without a `sid` nobody is signed out',
        },
        { id: '2-no-store', keyword: 'SHOULD', says: 'The answer says `Cache-Control: no-store`.' },
        { id: '2-https', keyword: 'SHOULD', says: 'The logout address is https; http on loopback names alone.' },
        {
          id: '2-session-required',
          keyword: 'SHOULD',
          says: '`frontchannel_logout_session_required` is registered.',
          notApplicable:
            'there is no dynamic registration here (§2: "if the RP supports" it); the README says what to register by hand',
        },
        {
          id: '2-clears',
          keyword: 'needs',
          says: 'The request clears what is kept of the session: cookie or not, its row is gone.',
        },
        {
          id: '2-framable',
          keyword: 'needs',
          says: 'The answer can be shown in a frame of the OP, and of nobody else.',
        },
        { id: '2-already', keyword: 'needs', says: 'Who is signed out already is signed out with success.' },
      ],
      others: { keywords: 1, who: 'the OP' },
    },
  ],
  elsewhere: [
    { sections: ['1.1', '4'], because: 'notation; §4 repeats that REQUIRED and MUST bind' },
    { sections: ['3'], because: 'binds the OP' },
  ],
};
