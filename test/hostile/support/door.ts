/**
 * # Hostile inputs for a door that takes signed tokens
 *
 * A door is plugged in by one file `test/hostile/{door}.test.ts` that makes a {@link DoorUnderAttack} and hands it to `assail`:
 *
 * - `raise` sets the ground: `raiseGround` gives an application over in-memory tables whose OP has real keys behind a counted
 *   JWKS; sign somebody in on it, and say by which token the door would end them.
 * - `wrap` puts a token into the request that the door expects; `envelopes` has the wrong ones, by class.
 * - `statuses` says what is answered, by class, where it is not `refused`.
 * - a class that means nothing to a door has its reason in `notApplicable`; one that is in neither place fails.
 *
 * Of each class `CASES_PER_CLASS` cases are generated (fast-check; a failure prints its seed and shrinks). Each has to be
 * answered with the right status; leave every stored row as it is, to the ETag; put nothing of the token, and no name of
 * the victim, into answer or log; and cost no storage call, at most one reading of the keys, and no more of the body than
 * its limit. When a class is through, the victim still stands, and a good token, sent last, ends them: so none passes for
 * want of anything to end.
 */
import type fc from 'fast-check';
import type { Answer } from '../../../shared/http/message.ts';
import type { TokenParts } from './forge.ts';
import type { Ground } from './ground.ts';

/** What is wrong with the token itself: generated here, the same for every door. */
export const TOKEN_CLASSES = [
  'wrong key',
  'wrong kid',
  'key confusion',
  'alg none',
  'wrong typ',
  "another client's audience",
  "another tenant's issuer",
  'stale',
  'future',
  'huge',
  'deep JSON',
  'duplicated JSON members',
] as const;
export type TokenClass = (typeof TOKEN_CLASSES)[number];

/** What is wrong with the request around a token that is good: the door's own to say. */
export const ENVELOPE_CLASSES = ['duplicate parameters', 'wrong content type', 'form with both'] as const;
export type EnvelopeClass = (typeof ENVELOPE_CLASSES)[number];

export type HostileClass = TokenClass | EnvelopeClass | 'replayed';

/** A request as it comes in from outside. */
export interface Sent {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Makes a request around a good token. The text says what is wrong with it, for whoever reads a failure. */
export interface Envelope {
  readonly what: string;
  wrap(token: string): Sent;
}

/** Somebody who is signed in, and the token by which this door would end them. */
export interface Victim {
  /** A good token's header (without `alg` and `kid`) and claims, with a `jti` of its own each time. */
  good(): TokenParts;
  /** Whether the person is signed in. */
  stands(): boolean;
  /** The person signs in anew. */
  signInAgain(): Promise<void>;
  /** What may be in no answer and in no log: `sid`, subject, account. */
  readonly names: readonly string[];
}

export interface DoorUnderAttack {
  readonly name: string;
  raise(): Promise<{ readonly ground: Ground; readonly victim: Victim }>;
  /** Has the real trigger answer. */
  ask(ground: Ground, sent: Sent): Promise<Answer>;
  wrap(token: string): Sent;
  readonly accepted: number;
  readonly refused: number;
  readonly statuses?: Partial<Record<HostileClass, number>>;
  /** The `typ`s, lower case and without `application/`, that pass. */
  readonly typs: readonly string[];
  /** Whether a token that has no `exp` passes. */
  readonly mayLackExp: boolean;
  /** Issuers that look like the door's own. */
  readonly foreignIssuers: readonly string[];
  readonly envelopes: Partial<Record<EnvelopeClass, fc.Arbitrary<Envelope>>>;
  /** Why a class means nothing here. */
  readonly notApplicable?: Partial<Record<HostileClass, string>>;
}
