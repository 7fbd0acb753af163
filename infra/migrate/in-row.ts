import { type Recognised, recognise } from './msal-cache.ts';

/** What a row holds: a cache alone, a cache beside other text, or none. */
export type InRow = Recognised | 'mixed';

const NUMBERED = /^(.*?)(\d+)$/;

/**
 * Looks for a cache in the texts of a row: in one property, or in several with one name and a number behind it, into which a
 * cache is cut that does not fit into one.
 *
 * @param texts the row's properties that are text, keys left out
 */
export function recogniseInRow(texts: ReadonlyMap<string, string>): InRow {
  const candidates = [...[...texts].map(([name, text]) => ({ names: [name], text })), ...joined(texts)];
  const found = candidates.map(({ names, text }) => ({ names, as: recognise(text) })).find(({ as }) => as !== 'other');
  if (found === undefined) return 'other';
  return found.names.length === texts.size ? found.as : 'mixed';
}

function joined(texts: ReadonlyMap<string, string>): { names: string[]; text: string }[] {
  const families = new Map<string, { name: string; at: number }[]>();
  for (const name of texts.keys()) {
    const [, stem, digits] = NUMBERED.exec(name) ?? [];
    if (stem === undefined) continue;
    families.set(stem, [...(families.get(stem) ?? []), { name, at: Number(digits) }]);
  }
  return [...families.values()].map((parts) => {
    const names = parts.sort((one, other) => one.at - other.at).map(({ name }) => name);
    return { names, text: names.map((name) => texts.get(name)).join('') };
  });
}
