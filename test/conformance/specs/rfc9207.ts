import type { Spec } from '../catalogue.ts';

const ONE_OP = 'one OP is configured (§1: clients that interact with one authorization server are not vulnerable)';

export const rfc9207: Spec = {
  id: 'rfc9207',
  title: 'RFC 9207, OAuth 2.0 Authorization Server Issuer Identification',
  url: 'https://www.rfc-editor.org/rfc/rfc9207',
  part: 'all of it',
  counted: 'by reading the text in a copy that could be read but not kept',
  sections: [
    {
      section: '2.4',
      requirements: [
        { id: '2.4-decoded', keyword: 'MUST', keywords: 2, says: 'An `iss` that comes is read, decoded and compared.' },
        {
          id: '2.4-simple-comparison',
          keyword: 'MUST',
          says: 'The comparison is of strings: case, a slash, a port make another issuer.',
        },
        {
          id: '2.4-rejected',
          keyword: 'MUST',
          keywords: 2,
          says: 'With another `iss` the response is refused, and its code is not redeemed.',
        },
        {
          id: '2.4-errors',
          keyword: 'MUST NOT',
          says: "An error is not believed to be our OP's where its `iss` is another.",
        },
        { id: '2.4-metadata', keyword: 'MUST', says: "It is compared with the `issuer` of the OP's metadata." },
        {
          id: '2.4-without-metadata',
          keyword: 'MUST',
          says: 'Without metadata, the deployment says which `iss` is expected.',
          notApplicable: 'there is always metadata (§2.4: "if OAuth metadata is not used")',
        },
        {
          id: '2.4-retained',
          keyword: 'MUST',
          says: 'For each of several OPs it is known whether it sends `iss`.',
          notApplicable: ONE_OP,
        },
        { id: '2.4-missing', keyword: 'MUST', says: 'A response without `iss` of an OP that announces it is refused.' },
        {
          id: '2.4-unannounced',
          keyword: 'SHOULD',
          says: 'A response with `iss` of an OP that does not announce it is discarded.',
          deviates:
            'it is compared, and passes where it is ours: OPs are known that send it without announcing it, which the text leaves to local policy',
        },
        {
          id: '2.4-id-token',
          keyword: 'MUST',
          says: '`iss` equals that of an ID token from the authorization endpoint.',
          notApplicable:
            'no ID token comes from there (§2.4: "flows where an ID Token is returned from the authorization endpoint")',
        },
        {
          id: '2.4-ignored',
          keyword: 'MUST',
          says: 'Who does not support `iss` ignores it.',
          notApplicable: 'it is supported (§2.4: "clients that do not support this specification")',
        },
      ],
    },
    {
      section: '4',
      requirements: [
        {
          id: '4-validated',
          keyword: 'MUST',
          says: '`iss` is validated just as section 2.4 says: nothing that is nearly ours passes.',
        },
        { id: '4-shared', keyword: 'MUST NOT', says: 'No two OPs share an issuer.', notApplicable: ONE_OP },
        { id: '4-unique', keyword: 'MUST', says: 'Issuers that are set by hand are unique.', notApplicable: ONE_OP },
        { id: '4-multiple', keyword: 'MUST', says: 'A response with several issuers is refused.' },
      ],
    },
  ],
  elsewhere: [
    { sections: ['1.1'], because: 'notation' },
    { sections: ['2', '2.3'], because: 'bind the authorization server' },
  ],
};
