import type { Diagnosis, Judged } from './examine.ts';

/** What has changed from one look to the next. */
export type Drift =
  | { readonly kind: 'nothing' }
  /** It could be asked before. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** It can be asked again; what has changed since it last could. */
  | { readonly kind: 'back'; readonly changed: readonly Judged[] }
  | { readonly kind: 'changed'; readonly changed: readonly Judged[] };

/**
 * @param known what was found when it could last be asked; null where it never could
 * @param before the last look
 */
export function driftOf(known: readonly Judged[] | null, before: Diagnosis, now: Diagnosis): Drift {
  if (now.outcome === 'cannot-be-asked') {
    const isSame = before.outcome === 'cannot-be-asked' && before.reason === now.reason;
    return isSame ? { kind: 'nothing' } : { kind: 'lost', reason: now.reason };
  }
  const changed = now.judged.filter((one) => !(known ?? []).some((other) => isSame(one, other)));
  if (before.outcome === 'cannot-be-asked') return { kind: 'back', changed };
  return changed.length === 0 ? { kind: 'nothing' } : { kind: 'changed', changed };
}

/** Details, such as days that a certificate has left, change by themselves. */
function isSame(one: Judged, other: Judged): boolean {
  return one.check.id === other.check.id && one.verdict === other.verdict && one.says === other.says;
}
