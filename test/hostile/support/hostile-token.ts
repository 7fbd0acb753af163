import fc from 'fast-check';
import { type ForgeKey, OWN_KEYS, type TokenParts } from './forge.ts';

/** A hostile token, made of a good one when its turn comes. The text says what is wrong with it, for whoever reads a failure. */
export interface HostileToken {
  readonly what: string;
  forge(good: TokenParts): string;
}

export type Cases = fc.Arbitrary<HostileToken>;

export const ownKey: fc.Arbitrary<ForgeKey> = fc.constantFrom(...OWN_KEYS);
export const word: fc.Arbitrary<string> = fc.stringMatching(/^[A-Za-z0-9_-]{8,40}$/);

export const withHeader = ({ header, claims }: TokenParts, changes: TokenParts['header']): TokenParts => ({
  header: { ...header, ...changes },
  claims,
});

export const withClaims = ({ header, claims }: TokenParts, changes: TokenParts['claims']): TokenParts => ({
  header,
  claims: { ...claims, ...changes },
});
