import type { BicepFile, Call, Declaration, Expression, Place } from './syntax.ts';

type Found = Expression | Declaration;

/** Every part of a file: its declarations, and all expressions in them. */
export function* partsOf(file: BicepFile): Generator<Found> {
  yield* walk(file.declarations);
}

export function callsIn(file: BicepFile): readonly (Call & { readonly place: Place })[] {
  return [...partsOf(file)].filter((part) => part.kind === 'call');
}

/** Everything with a `kind` in it, as deep as it goes. */
export function* walk(value: unknown): Generator<Found> {
  if (typeof value !== 'object' || value === null) return;
  if ('kind' in value) yield value as Found;
  for (const inner of Object.values(value)) yield* walk(inner);
}
