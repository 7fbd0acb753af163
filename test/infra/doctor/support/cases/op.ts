import type { Case } from '../case.ts';
import { answered, document } from '../healthy.ts';

/** The OP's own document. */
export const OP_CASES: readonly Case[] = [
  ['op-metadata', 'it is where the issuer is', {}, 'ok', /^It is https:/],
  ['op-metadata', 'it was not found', { metadata: null }, 'unknown', /not found/],
  [
    'op-metadata',
    'an endpoint is http',
    { metadata: document({ token_endpoint: 'http://op.example/token' }) },
    'wrong',
    /not https: token_endpoint/,
  ],
  ['op-metadata', 'there is no issuer', { metadata: document({ issuer: undefined }) }, 'wrong', /no issuer/],
  [
    'op-metadata',
    'the issuer is a template',
    { metadata: document({ issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' }) },
    'ok',
    /as with Entra ID/,
  ],
  ['op-keys', 'they cannot be had', { keys: answered(500) }, 'wrong', /answers 500/],
  ['op-keys', 'there are none', { keys: answered(200, { keys: [] }) }, 'wrong', /no keys/],
  [
    'op-pkce',
    'S256 is not named',
    { metadata: document({ code_challenge_methods_supported: ['plain'] }) },
    'warn',
    /S256/,
  ],
  [
    'op-sign-out',
    'there is no page',
    { metadata: document({ end_session_endpoint: undefined }) },
    'warn',
    /no sign-out page/,
  ],
  [
    'op-sign-out',
    'it calls nobody',
    { metadata: document({ frontchannel_logout_supported: false }) },
    'warn',
    /does not announce/,
  ],
];
