import { SCENARIOS } from '../tenant/scenarios.ts';
import { CHECKS } from './checks.ts';

/** The table of checks in `docs/doctor.md`. */
export function renderChecks(): string {
  const rows = CHECKS.map(({ id, about }) => `| \`${id}\` | ${about} |`);
  return ['| check | what has to be |', '|---|---|', ...rows].join('\n');
}

/** The list of what is to be seen at a tenant in `docs/doctor.md`. */
export function renderScenarios(): string {
  const rows = SCENARIOS.map(({ id, title, kinds }) => `| \`${id}\` | ${title} | ${kinds.join(', ')} |`);
  return ['| | what has to hold | where |', '|---|---|---|', ...rows].join('\n');
}

/** Puts text between two marks of a page. @throws Error where the marks are not there */
export function putBetween(page: string, mark: string, text: string): string {
  const [begin, end] = [`<!-- ${mark} -->\n`, `<!-- /${mark} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/doctor.md has no ${begin}`);
  return `${page.slice(0, from + begin.length)}${text}\n${page.slice(to)}`;
}
