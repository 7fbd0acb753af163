import type { AllowedRoute } from './settings.ts';

/**
 * Whether some call could be meant by both. In doubt it could: a rule that asks for more must not be got round by another
 * spelling, so that case does not count (many APIs tell none apart), nor what else `folded` names, and `HEAD` is `GET`.
 */
export function overlap(one: AllowedRoute, other: AllowedRoute): boolean {
  return methodsMeet(one.method, other.method) && patternsMeet(patternOf(one), patternOf(other));
}

function methodsMeet(one: string, other: string): boolean {
  const [first, second] = [one, other].map((method) => (method === 'HEAD' ? 'GET' : method));
  return first === second || first === '*' || second === '*';
}

interface Pattern {
  /** Null is any one segment. */
  readonly segments: readonly (string | null)[];
  /** Whether any number of segments may follow. */
  readonly open: boolean;
}

function patternOf({ pattern }: AllowedRoute): Pattern {
  const written = pattern === '/' ? [] : pattern.slice(1).split('/');
  const open = written.at(-1) === '**';
  const segments = (open ? written.slice(0, -1) : written).map((each) => (each === '*' ? null : folded(each)));
  return { segments, open };
}

/**
 * What is the same for a server that does not look closely: letters by case (`ı` and `ß` have one in upper case alone) and by how
 * they are composed, characters that nobody sees, and, on Windows, dots and blanks at the end.
 */
function folded(segment: string): string {
  const seen = decodeURIComponent(segment)
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  return seen
    .toUpperCase()
    .toLowerCase()
    .replace(/(?<![. ])[. ]+$/, '');
}

function patternsMeet(one: Pattern, other: Pattern): boolean {
  const [short, long] = one.segments.length <= other.segments.length ? [one, other] : [other, one];
  if (short.segments.length < long.segments.length && !short.open) return false;
  return short.segments.every((each, index) => {
    const beside = long.segments[index] ?? null;
    return each === null || beside === null || each === beside;
  });
}
