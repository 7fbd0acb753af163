import type { Verdict } from '../doctor/finding.ts';
import type { TenantKind } from './scenario.ts';
import type { Tried } from './try-scenario.ts';

/** What was found at one tenant: no name of it, of its people or of the application. */
export interface Verified {
  readonly at: Date;
  readonly kind: TenantKind;
  /** Of Exeunt, from package.json. */
  readonly version: string;
  /** By check of the doctor. */
  readonly verdicts: readonly (readonly [check: string, verdict: Verdict])[];
  readonly tried: readonly Tried[];
}

const NAMES: Readonly<Record<TenantKind, string>> = {
  workforce: 'Entra ID, workforce tenant',
  'external-id': 'Entra External ID',
  other: 'another OP',
};

const dateOf = ({ at }: Verified): string => at.toISOString().slice(0, 10);

/** The name of the file under `docs/verified/`. */
export const fileNameFor = (verified: Verified): string => `${dateOf(verified)}-${verified.kind}.md`;

/** The dated page that `docs/operations.md` leads to. */
export function renderVerified(verified: Verified): string {
  const { kind, version, verdicts, tried } = verified;
  return [
    `# ${NAMES[kind]}, ${dateOf(verified)}`,
    '',
    `Exeunt ${version}, made by \`npm run tenant\`. Neither the tenant nor the application nor anybody in it is named. What a person saw is their`,
    'word; what a machine saw is what the operator door said, the seconds counted from when the person said that it was done.',
    '',
    '| | result | seen by |',
    '|---|---|---|',
    ...tried.map(rowOf),
    '',
    'The doctor at the beginning:',
    '',
    '| check | found |',
    '|---|---|',
    ...verdicts.map(([check, verdict]) => `| \`${check}\` | ${verdict} |`),
    '',
  ].join('\n');
}

function rowOf({ scenario, outcome, seenBy, seconds }: Tried): string {
  const by = seenBy === null ? '' : seconds === null ? seenBy : `${seenBy}, ${seconds.toFixed(0)} s`;
  return `| \`${scenario.id}\`: ${scenario.title} | ${outcome} | ${by} |`;
}
