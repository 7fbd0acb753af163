import { future, stale, wrongAudience, wrongIssuer } from './claim-classes.ts';
import type { DoorUnderAttack, TokenClass } from './door.ts';
import type { Cases } from './hostile-token.ts';
import { deepJson, duplicatedMembers, huge } from './shape-classes.ts';
import { algNone, keyConfusion, wrongKey, wrongKid, wrongTyp } from './signature-classes.ts';

/** Hostile tokens for a door, by class. */
export function hostileTokens({
  typs,
  foreignIssuers,
  mayLackExp,
}: DoorUnderAttack): Readonly<Record<TokenClass, Cases>> {
  return {
    'wrong key': wrongKey,
    'wrong kid': wrongKid,
    'key confusion': keyConfusion,
    'alg none': algNone,
    'wrong typ': wrongTyp(typs),
    "another client's audience": wrongAudience,
    "another tenant's issuer": wrongIssuer(foreignIssuers),
    stale: stale(mayLackExp),
    future,
    huge,
    'deep JSON': deepJson,
    'duplicated JSON members': duplicatedMembers,
  };
}
