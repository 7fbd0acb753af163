import { doorsTable, endpointsTable, settingsTable } from './tables.ts';

const TABLES: Readonly<Record<string, () => string[]>> = {
  doors: doorsTable,
  endpoints: endpointsTable,
  settings: settingsTable,
};

/**
 * The README with its tables made anew from the code's own registries; all else as it is.
 *
 * @throws Error where it has no place for one of them
 */
export function renderReadme(readme: string): string {
  return Object.entries(TABLES).reduce((text, [name, table]) => put(text, name, table()), readme);
}

function put(readme: string, name: string, lines: readonly string[]): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the README has no ${begin} … ${end}`);
  return `${readme.slice(0, from)}${[begin, '', ...lines, '', ''].join('\n')}${readme.slice(to)}`;
}
