import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { LogEvent } from '../../shared/log/log.ts';
import { SIGNIN_MAY_BE_UNDER_WAY } from '../../shared/signout/flood-budgets.ts';
import type { Unavailable } from '../../shared/store/table.ts';
import { INSTRUMENTS } from '../../shared/telemetry/instruments.ts';

const BICEP = readFileSync('infra/modules/alerts.bicep', 'utf8');
const WORKBOOK: { items: { type: number; content: { title?: string; query?: string } }[] } = JSON.parse(
  readFileSync('infra/workbook.json', 'utf8'),
);

const alerts = [...BICEP.matchAll(/id: '([a-z-]+)'.*?query: '''(.*?)'''/gs)].map(([, id = '', query = '']) => ({
  id,
  query,
}));
const charts = WORKBOOK.items.flatMap(({ content: { title = '', query } }) => (query ? [{ id: title, query }] : []));
const queries = [...alerts, ...charts];
/** Alerts over what Azure itself tells, not over what the code emits. */
const OF_AZURE = ['storage-throttled', 'logs-stopped'];

/** Log lines as the code writes them, of the events that queries read: it does not compile where the code has not such a one. */
const LINES: { readonly [E in LogEvent['event']]?: Extract<LogEvent, { readonly event: E }> } = {
  'signout.completed': {
    event: 'signout.completed',
    ms: 1,
    door: 'own',
    receivedAt: 1,
    goneAt: 2,
    accounts: [],
    sessions: 1,
    tokenCaches: 1,
    tries: 0,
  },
  'retry.failed': { event: 'retry.failed', reason: 'r' },
  'directory.failed': { event: 'directory.failed', reason: 'r' },
  'directory.missed': { event: 'directory.missed' },
  'session.unreadable': { event: 'session.unreadable', account: 'a', reason: 'unknown-key' },
  'session.ended': { event: 'session.ended', account: 'a', reason: 'tokens-corrupt' },
  'sweep.completed': { event: 'sweep.completed', counts: {}, ms: 1 },
  error: { event: 'error', name: 'n', stack: 's' },
};

const STORAGE_OUTCOMES: readonly Unavailable['outcome'][] = ['unavailable'];

type InstrumentName = keyof typeof INSTRUMENTS;
const isInstrument = (name: string): name is InstrumentName => name in INSTRUMENTS;

/** The values of `exeunt.outcome`: an instrument's description has each as code. */
function outcomesOf(name: InstrumentName): readonly string[] {
  if (name === 'exeunt.storage.calls') return STORAGE_OUTCOMES;
  return [...INSTRUMENTS[name].description.matchAll(/`([a-z_]+)`/g)].map(([, outcome = '']) => outcome);
}

const literals = (text: string): string[] => [...text.matchAll(/'([^']*)'/g)].map(([, literal = '']) => literal);

/** What a query says that the code does not: nothing of it would ever be found, and no alert would fire. */
function problemsOf(query: string): string[] {
  const [table = ''] = query.trim().split('\n');
  if (table === 'customMetrics') return metricProblems(query);
  return table === 'traces' ? lineProblems(query) : [`no table of ours: ${table}`];
}

function metricProblems(query: string): string[] {
  const named = [...query.matchAll(/\bname (?:==|in) (\([^)]*\)|'[^']*')/g)].flatMap(([, names = '']) =>
    literals(names),
  );
  const known = named.filter(isInstrument);
  const problems = named.filter((name) => !isInstrument(name)).map((name) => `no metric: ${name}`);
  if (named.length === 0) problems.push('no metric is named');
  const attributes = [...query.matchAll(/customDimensions\[([^\]]*)\]/g)].flatMap(([, name = '']) => literals(name));
  for (const name of known) {
    const { attributes: declared, kind }: { attributes: readonly string[]; kind: string } = INSTRUMENTS[name];
    problems.push(...attributes.filter((one) => !declared.includes(one)).map((one) => `${name} has no ${one}`));
    if (kind === 'counter' && /value(?:Max|Min|Count)/.test(query)) problems.push(`${name} is a counter`);
    const compared = [...query.matchAll(/(?:\['exeunt\.outcome'\]\)|\boutcome) (?:==|in) (\([^)]*\)|'[^']*')/g)];
    const outcomes = compared.flatMap(([, values = '']) => literals(values));
    problems.push(...outcomes.filter((one) => !outcomesOf(name).includes(one)).map((one) => `${name} is never ${one}`));
  }
  const columns = [...query.matchAll(/\bvalue\w*/g)].map(([column]) => column);
  const ofTable = ['valueSum', 'valueCount', 'valueMax', 'valueMin'];
  return [
    ...problems,
    ...columns.filter((column) => !ofTable.includes(column)).map((column) => `no column: ${column}`),
  ];
}

function lineProblems(query: string): string[] {
  const events = [...query.matchAll(/(?:\.event\)) (?:==|in) (\([^)]*\)|'[^']*')/g)].flatMap(([, names = '']) =>
    literals(names),
  );
  const searched = [...query.matchAll(/message has ('[^']*')/g)].flatMap(([, text = '']) => literals(text));
  const problems = events.filter((event) => !(event in LINES)).map((event) => `no event: ${event}`);
  if (events.length === 0) problems.push('no event is named');
  // The search through the text has to let through what is looked at afterwards, and what it lets through has to be an event.
  for (const event of events)
    if (!searched.some((text) => text.includes(event))) problems.push(`not searched: ${event}`);
  const named = searched.map((text) => /^"event":"(.*)"$/.exec(text)?.[1] ?? text);
  problems.push(...named.filter((event) => !(event in LINES)).map((event) => `no event: ${event}`));
  const lines = named.map((event) => LINES[event as LogEvent['event']] ?? {});
  const members = [...query.matchAll(/\bline\.(\w+)/g)].map(([, member = '']) => member);
  for (const member of members) if (!lines.some((line) => member in line)) problems.push(`no member: ${member}`);
  return problems;
}

describe.each(queries)('the query "$id"', ({ query }) => {
  it('asks for what the code emits', () => {
    expect(problemsOf(query)).toEqual([]);
  });

  it.each([
    ['a metric', /exeunt\.(?!outcome|door|api)([a-z]+)/, 'exeunt.$1s'],
    ['an attribute', /\['(exeunt|error|db)\./, "['$1s."],
    ['an outcome', /'(failed|delayed|refused|unavailable|ended)'/, "'$1-'"],
    ['an event', /(signout|directory|session|sweep|retry)\.(completed|failed|missed|unreadable|ended)/, '$1.$2s'],
    ['a member of a line', /\bline\.(sessions|ms|counts|reason)/, 'line.$1_'],
    ['a column', /value(Sum|Max|Count)/, 'values$1'],
  ] as const)('is found out where %s is written wrongly', (_what, right, wrong) => {
    const mistaken = query.replace(right, wrong);
    if (mistaken !== query) expect(problemsOf(mistaken)).not.toEqual([]);
  });
});

describe('the alerts', () => {
  it('are all read here', () => {
    expect(alerts.length).toBe(BICEP.split("query: '''").length - 1);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length);
  });

  it('leave out what anybody can bring about by a flood, in its own words', () => {
    const delayed = alerts.find(({ id }) => id === 'signout-delayed')?.query;
    expect(delayed).toContain(`reason != '${SIGNIN_MAY_BE_UNDER_WAY}'`);
    expect(delayed).toContain("not(reason startswith 'flood')");
  });

  it.each([...alerts.map(({ id }) => id), ...OF_AZURE])('%s: docs/operations.md says what to do', (id) => {
    expect(BICEP).toContain(OF_AZURE.includes(id) ? `#alert-${id}` : `id: '${id}'`);
    expect(readFileSync('docs/operations.md', 'utf8')).toMatch(new RegExp(`^#+ Alert: ${id}$`, 'm'));
  });
});

describe('the workbook', () => {
  it('shows every metric', () => {
    const shown = charts.map(({ query }) => query).join('\n');
    for (const name of Object.keys(INSTRUMENTS)) expect(shown).toContain(`'${name}'`);
  });

  it('has the places that workbook.bicep fills', () => {
    const module = readFileSync('infra/modules/workbook.bicep', 'utf8');
    for (const place of ['APPLICATION_INSIGHTS_ID', '"TABLES_ACCOUNT_IDS"']) {
      expect(module).toContain(`'${place}'`);
      expect(JSON.stringify(WORKBOOK)).toContain(place);
    }
  });
});
