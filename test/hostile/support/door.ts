/**
 * # Hostile inputs for a door that takes signed tokens
 *
 * Such a door is a {@link DoorUnderAttack} in `test/hostile/doors/`, made into a `Siege` (see there for what must hold) by
 * `tokenSiege`:
 *
 * - `raise` sets the ground: `raiseGround` gives an application over in-memory tables whose OP has real keys behind a counted
 *   JWKS; sign somebody in on it, and say by which token the door would end them.
 * - `wrap` puts a token into the request that the door expects; `envelopes` has the wrong ones, by class.
 * - `statuses` says what is answered, by class, where it is not `refused`; `over` says what else is otherwise.
 * - `ownClasses` are what only this door can be sent.
 * - a class that means nothing to a door has its reason in `notApplicable`; one that is in neither place fails.
 */
import type fc from 'fast-check';
import type { Answer } from '../../../shared/http/message.ts';
import type { TokenParts } from './forge.ts';
import type { Ground, Sent } from './ground.ts';
import type { Cases } from './hostile-token.ts';
import type { AttackClass, Scene, Victim } from './siege.ts';

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

/** Makes a request around a good token. The text says what is wrong with it, for whoever reads a failure. */
export interface Envelope {
  readonly what: string;
  /** Where it is answered otherwise than its class. */
  readonly status?: number;
  wrap(token: string): Sent;
}

/** Somebody who is signed in, and the token by which this door would end them. */
export interface TokenVictim extends Victim {
  /** A good token's header (without `alg` and `kid`) and claims, with a `jti` of its own each time. */
  good(): TokenParts;
  /** The person signs in anew. */
  signInAgain(): Promise<void>;
}

export interface TokenScene extends Scene {
  readonly victim: TokenVictim;
}

export interface DoorUnderAttack {
  readonly name: string;
  raise(): Promise<TokenScene>;
  /** Has the real trigger answer. */
  ask(ground: Ground, sent: Sent): Promise<Answer>;
  wrap(token: string): Sent;
  /** What ends somebody, where the request of `wrap` only looks. */
  end?(token: string): Sent;
  readonly accepted: number;
  readonly refused: number;
  readonly statuses?: Partial<Record<HostileClass, number>>;
  /** What a token of this door holds that everybody knows, and may be told. */
  readonly known?: readonly string[];
  /** The `typ`s, lower case and without `application/`, that pass. */
  readonly typs: readonly string[];
  /** Whether a token that has no `exp` passes. */
  readonly mayLackExp: boolean;
  /** Issuers that look like the door's own. */
  readonly foreignIssuers: readonly string[];
  /** In place of those that are generated for every door. */
  readonly tokens?: Partial<Record<TokenClass, Cases>>;
  readonly over?: Partial<Record<HostileClass, Partial<AttackClass<TokenScene>>>>;
  readonly ownClasses?: Readonly<Record<string, AttackClass<TokenScene>>>;
  readonly envelopes: Partial<Record<EnvelopeClass, fc.Arbitrary<Envelope>>>;
  /** Why a class means nothing here. */
  readonly notApplicable?: Partial<Record<HostileClass, string>>;
}
