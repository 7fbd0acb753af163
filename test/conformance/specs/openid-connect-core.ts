import type { Spec } from '../catalogue.ts';

const TLS_OF_PLATFORM =
  'versions, ciphers and certificates of TLS are those of the platform (Azure in front, Node.js behind); nothing here sets them';

export const openidConnectCore: Spec = {
  id: 'openid-connect-core',
  title: 'OpenID Connect Core 1.0',
  url: 'https://openid.net/specs/openid-connect-core-1_0.html',
  part: 'the authorization code flow, as a relying party runs it',
  counted: 'by script',
  sections: [
    {
      section: '2',
      requirements: [
        {
          id: '2-claims-required',
          keyword: 'REQUIRED',
          keywords: 5,
          says: 'An ID token without `iss`, `sub`, `aud`, `exp` or `iat` is refused.',
        },
        { id: '2-aud', keyword: 'MUST', says: 'The ID token names our client id as an audience.' },
        { id: '2-exp', keyword: 'MUST NOT', keywords: 2, says: 'At `exp` and after it, the ID token is refused.' },
        { id: '2-nonce', keyword: 'MUST', says: 'A `nonce` in the ID token is the one of our request.' },
        {
          id: '2-acr',
          keyword: 'SHOULD NOT',
          says: 'An authentication of level 0 opens nothing of monetary value.',
          notApplicable:
            'nothing here decides by an `acr` unless `stepUp` of an API names it (§2: its meaning is for the parties to agree)',
        },
        { id: '2-azp', keyword: 'MUST', says: 'An `azp` names us.' },
        { id: '2-unknown-claims', keyword: 'MUST', says: 'Claims that are not understood are ignored.' },
        {
          id: '2-signed',
          keyword: 'MUST',
          keywords: 2,
          says: 'The ID token is signed; `alg` `none` is refused, since none was agreed on.',
        },
        {
          id: '2-header-keys',
          keyword: 'SHOULD NOT',
          says: 'Keys that the ID token brings or points to in its own header (`jwk`, `jku`, `x5c`, `x5u`) are not used.',
        },
      ],
      others: { keywords: 9, who: 'the OP, which makes the ID token' },
    },
    {
      section: '3.1.2',
      requirements: [
        { id: '3.1.2-tls', keyword: 'MUST', says: 'No browser is sent to an authorization endpoint without TLS.' },
      ],
    },
    {
      section: '3.1.2.1',
      requirements: [
        { id: '3.1.2.1-scope', keyword: 'MUST', keywords: 2, says: 'The request has `scope`, and `openid` is in it.' },
        { id: '3.1.2.1-response-type', keyword: 'REQUIRED', says: 'The request has `response_type=code`.' },
        { id: '3.1.2.1-client-id', keyword: 'REQUIRED', says: 'The request has our `client_id`.' },
        {
          id: '3.1.2.1-redirect-uri',
          keyword: 'MUST',
          keywords: 2,
          says: 'The request has the `redirect_uri` that is registered, to the letter.',
        },
        { id: '3.1.2.1-https', keyword: 'SHOULD', says: 'The redirect URI is https; http on loopback names alone.' },
        {
          id: '3.1.2.1-state',
          keyword: 'RECOMMENDED',
          says: 'The request has `state`, bound to a cookie of the browser.',
        },
        {
          id: '3.1.2.1-response-mode',
          keyword: 'NOT RECOMMENDED',
          says: '`response_mode` is not sent where it is the default.',
          deviates:
            '`response_mode=query` is always said: Microsoft recommends naming it, and the two modes differ in the cookie that the callback needs',
        },
        {
          id: '3.1.2.1-nonce',
          keyword: 'MUST',
          says: '`nonce` cannot be guessed: 256 random bits, new for every request.',
        },
        {
          id: '3.1.2.1-id-token-hint',
          keyword: 'SHOULD',
          says: 'With `prompt=none` the request carries an `id_token_hint`.',
          deviates:
            'no hint but `login_hint`: an ID token in a URL is a token in logs (G7), and none is kept where a request could read it',
        },
        {
          id: '3.1.2.1-decrypt-hint',
          keyword: 'MUST',
          says: 'An encrypted ID token is decrypted before it is used as a hint.',
          notApplicable:
            'no encryption is negotiated, and no ID token is used as a hint here (§3.1.2.1: "if … is encrypted")',
        },
        {
          id: '3.1.2.1-login-hint',
          keyword: 'RECOMMENDED',
          says: '`login_hint` is the value that discovery was made with.',
          notApplicable:
            'the OP is a setting and not discovered from what a person enters (§3.1.2.1: "value used for discovery")',
        },
      ],
      others: { keywords: 18, who: 'the OP' },
    },
    {
      section: '3.1.2.7',
      requirements: [
        {
          id: '3.1.2.7-response',
          keyword: 'MUST',
          says: 'The response is validated as RFC 6749 says: `state` ours and of this browser, one code, unknown parameters ignored.',
        },
      ],
    },
    {
      section: '3.1.3',
      requirements: [{ id: '3.1.3-tls', keyword: 'MUST', says: 'No code is sent to a token endpoint without TLS.' }],
    },
    {
      section: '3.1.3.1',
      requirements: [
        { id: '3.1.3.1-client', keyword: 'MUST', says: 'The token request authenticates the client as registered.' },
      ],
    },
    {
      section: '3.1.3.5',
      requirements: [
        {
          id: '3.1.3.5-response',
          keyword: 'MUST',
          says: 'A token response without a good ID token signs nobody in; members that are not understood are ignored.',
        },
      ],
    },
    {
      section: '3.1.3.7',
      requirements: [
        { id: '3.1.3.7-validated', keyword: 'MUST', says: 'An ID token that passes every step signs its subject in.' },
        {
          id: '3.1.3.7-encryption',
          keyword: 'SHOULD',
          says: 'An ID token that is not encrypted is refused where encryption was negotiated.',
          notApplicable: 'no encryption is negotiated (§3.1.3.7 step 1: "if encryption was negotiated")',
        },
        { id: '3.1.3.7-iss', keyword: 'MUST', says: '`iss` is the issuer that discovery gave, to the letter.' },
        { id: '3.1.3.7-aud', keyword: 'MUST', says: '`aud` is or contains our client id.' },
        {
          id: '3.1.3.7-other-audiences',
          keyword: 'MUST',
          says: 'An ID token with audiences beside us that we do not trust is refused.',
          deviates:
            'there is no list of trusted audiences: others are let pass where the OP says by `azp` that the token was issued to us, as OPs with audience mappers do, and refused where it does not',
        },
        {
          id: '3.1.3.7-azp-extension',
          keyword: 'SHOULD',
          says: '`azp` is validated as an extension that is used says.',
          notApplicable: 'no such extension is used (§3.1.3.7 step 4: "if the implementation is using extensions")',
        },
        { id: '3.1.3.7-azp', keyword: 'SHOULD', says: 'An `azp` that is there is our client id.' },
        {
          id: '3.1.3.7-signature',
          keyword: 'MUST',
          says: 'The signature is validated, although the token came from the token endpoint.',
        },
        { id: '3.1.3.7-keys', keyword: 'MUST', says: 'Only keys of the issuer count.' },
        {
          id: '3.1.3.7-alg',
          keyword: 'SHOULD',
          says: '`alg` is RS256 or the one that was registered.',
          deviates:
            'by default every asymmetric algorithm of the OP passes, since nothing is registered by protocol; `AUTH_SIGNING_ALGORITHMS` narrows it to the one agreed on',
        },
        { id: '3.1.3.7-exp', keyword: 'MUST', says: 'The time is before `exp`.' },
        { id: '3.1.3.7-nonce', keyword: 'MUST', says: '`nonce` is there and is the one sent.' },
        { id: '3.1.3.7-replay', keyword: 'SHOULD', says: 'A nonce counts once: an attempt that was used is used up.' },
        {
          id: '3.1.3.7-acr',
          keyword: 'SHOULD',
          says: '`acr` is looked at where it was asked for.',
        },
        {
          id: '3.1.3.7-auth-time',
          keyword: 'SHOULD',
          says: '`auth_time` is looked at where it was asked for.',
        },
      ],
    },
    {
      section: '5.7',
      requirements: [
        {
          id: '5.7-identifier',
          keyword: 'MUST NOT',
          says: 'No other claim is taken for who somebody is: two people of one user name are two accounts.',
        },
      ],
      others: { keywords: 1, who: 'the OP' },
    },
    {
      section: '9',
      requirements: [
        {
          id: '9-client-secret-jwt',
          keyword: 'MUST',
          keywords: 16,
          says: 'A JWT made with the client secret has the claims listed.',
          notApplicable:
            '`client_secret_jwt` is not used: a secret goes as `client_secret_post`, and JWTs are made with a certificate or a managed identity (§9: methods are registered)',
        },
        {
          id: '9-claims',
          keyword: 'MUST',
          keywords: 8,
          says: 'A client assertion has `iss` and `sub` of our client id, `aud`, `jti` and `exp`.',
        },
        { id: '9-once', keyword: 'MUST', says: 'A client assertion is sent once: each request has one of its own.' },
        {
          id: '9-aud',
          keyword: 'MUST',
          keywords: 2,
          says: 'The client assertion is for the issuer identifier alone, as one string.',
          deviates:
            'MSAL names the token endpoint, which the text before its errata asked for and Entra ID documents; it is one string',
        },
        {
          id: '9-parameters',
          keyword: 'MUST',
          keywords: 2,
          says: 'The assertion travels as `client_assertion`, with its `client_assertion_type`.',
        },
      ],
      others: { keywords: 3, who: 'the OP' },
    },
    {
      section: '11',
      requirements: [
        {
          id: '11-consent',
          keyword: 'MUST',
          says: '`offline_access` is asked for with `prompt=consent`.',
          notApplicable:
            'consent is given at the OP beforehand, by its administrators or once (§11: "unless other conditions for processing the request … are in place"); `prompt=consent` can be asked for where it is not',
        },
      ],
      others: { keywords: 6, who: 'the OP' },
    },
    {
      section: '12.1',
      requirements: [{ id: '12.1-client', keyword: 'MUST', says: 'A refresh authenticates the client as registered.' }],
      others: { keywords: 2, who: 'the OP' },
    },
    {
      section: '12.2',
      requirements: [
        {
          id: '12.2-id-token',
          keyword: 'MUST',
          keywords: 2,
          says: 'An ID token of another `iss` or `sub` that comes with a refresh changes nobody into somebody else.',
        },
      ],
      others: { keywords: 7, who: 'the OP' },
    },
    {
      section: '15.5.2',
      requirements: [
        {
          id: '15.5.2-nonce',
          keyword: 'needs',
          says: "`nonce` holds state of one browser: the code of another browser's attempt is refused.",
        },
      ],
    },
    {
      section: '16.3',
      requirements: [
        { id: '16.3-signature', keyword: 'SHOULD', says: 'A token that was changed after it was signed is refused.' },
      ],
    },
    {
      section: '16.4',
      requirements: [{ id: '16.4-access-token', keyword: 'MUST NOT', says: 'No access token reaches the browser.' }],
    },
    {
      section: '16.6',
      requirements: [
        {
          id: '16.6-signature',
          keyword: 'SHOULD',
          says: 'What the server says is kept apart from what a stranger says by its signature.',
        },
      ],
    },
    {
      section: '16.11',
      requirements: [
        {
          id: '16.11-implicit',
          keyword: 'MUST NOT',
          says: 'The implicit flow does not sign anybody in: what its response would carry is refused.',
        },
        {
          id: '16.11-binding',
          keyword: 'MUST',
          says: 'Another binding than HTTP ties token responses to their requests.',
          notApplicable: 'the HTTP binding is used (§16.11: "when designing another binding")',
        },
      ],
    },
    {
      section: '16.12',
      requirements: [
        {
          id: '16.12-timing',
          keyword: 'SHOULD NOT',
          keywords: 2,
          says: 'Validation does not end at the first wrong octet.',
          notApplicable:
            'signatures are verified with public keys and nothing is decrypted: there is no key of ours to learn (§16.12: "effective key length of the cipher")',
        },
      ],
    },
    {
      section: '16.15',
      requirements: [
        {
          id: '16.15-issuer',
          keyword: 'MUST',
          says: 'The issuer of discovery and `iss` are the same to the letter: a slash more is another issuer.',
        },
      ],
      others: { keywords: 1, who: 'the OP' },
    },
    {
      section: '16.17',
      requirements: [
        { id: '16.17-tls', keyword: 'MUST', says: 'TLS is used with the OP, for the metadata too.' },
        {
          id: '16.17-bcp195',
          keyword: 'SHOULD',
          keywords: 2,
          says: 'TLS is set up as BCP 195 says, with ciphers that keep secrets.',
          notApplicable: TLS_OF_PLATFORM,
        },
        {
          id: '16.17-certificate',
          keyword: 'MUST',
          says: 'An OP whose certificate nobody vouches for is not believed.',
        },
      ],
    },
    {
      section: '17.1',
      requirements: [
        {
          id: '17.1-purpose',
          keyword: 'SHOULD',
          says: 'What UserInfo gave is kept with the purpose it was given for.',
          notApplicable: 'the UserInfo endpoint is not asked (§17.1: "UserInfo data")',
        },
      ],
    },
  ],
  elsewhere: [
    {
      sections: ['1.1', '1.2', '15.4'],
      because: 'notation and definitions; §15.4 repeats that REQUIRED and MUST bind a relying party',
    },
    {
      sections: [
        '3.1.2.2',
        '3.1.2.3',
        '3.1.2.4',
        '3.1.2.5',
        '3.1.2.6',
        '3.1.3.2',
        '3.1.3.3',
        '8',
        '8.1',
        '10.1.1',
        '14',
      ],
      because: 'bind the OP, or how both compare strings',
    },
    {
      sections: [
        ...['3.2.2.1', '3.2.2.5', '3.2.2.6', '3.2.2.8', '3.2.2.9', '3.2.2.10', '3.2.2.11'],
        ...['3.3.2.1', '3.3.2.6', '3.3.2.8', '3.3.2.10', '3.3.2.11', '3.3.2.12', '3.3.3.6', '3.3.3.7'],
      ],
      because: 'the implicit and hybrid flows, which are not used',
    },
    {
      sections: ['4', '7.2.1', '7.3', '7.4', '7.5'],
      because:
        'login started by a third party (`/auth/signin` takes no `iss`) and self-issued OPs, which are not offered',
    },
    {
      sections: [
        '5.1',
        '5.1.1',
        '5.1.2',
        '5.2',
        '5.3',
        '5.3.1',
        '5.3.2',
        '5.3.4',
        '5.5',
        '5.5.1',
        '5.5.1.1',
        '5.5.2',
        '5.6',
        '5.6.2',
        '17.2',
        '17.3',
      ],
      because:
        'UserInfo and claim types, which are not used; what claims requests ask of the OP, and what it puts into claims',
    },
    {
      sections: ['6', '6.1', '6.2', '6.2.1', '6.2.3', '6.3.1', '6.3.2', '6.3.3', '16.7'],
      because: 'request objects, which are not used',
    },
    {
      sections: ['10', '10.1', '10.2', '10.2.1', '13.3', '16.19'],
      because:
        'bind whoever signs or encrypts: the OP its ID tokens (§9 has our client assertion); symmetric keys are not used',
    },
    { sections: ['15.1', '15.2', '15.3'], because: 'bind OPs, and installations with dynamic registration' },
    { sections: ['16.8', '16.9', '16.18', '16.22'], because: 'bind the OP, which makes tokens and redirects to us' },
  ],
};
