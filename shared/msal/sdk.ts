/** All of this folder that runs on MSAL: a bundle of its own, since most calls of an instance need none of it. */
export { applicationTokens } from './application-token.ts';
export { createRedemptions } from './redemptions.ts';
