import type { Diagnosis, Judged } from './examine.ts';
import type { Verdict } from './finding.ts';

const WORDS: Readonly<Record<Verdict, string>> = { ok: 'ok', warn: 'warn', wrong: 'WRONG', unknown: 'unknown' };
const CHARACTERS_MAX = 400;

/** Lines for a person: one a check, and beneath what is not in order what to do. */
export function tell(origin: string, diagnosis: Diagnosis): string[] {
  if (diagnosis.outcome === 'cannot-be-asked') return [`CANNOT BE ASKED  ${clean(diagnosis.reason)}`];
  const lines = diagnosis.judged.flatMap(linesOf);
  return [`${origin}, ${timeOf(diagnosis)}`, '', ...lines, '', summary(diagnosis.judged)];
}

/** One check. */
export function linesOf({ check, verdict, says, detail, todo }: Judged): string[] {
  const sentence = detail === undefined ? says : `${says} (${detail})`;
  const line = `${WORDS[verdict].padEnd(9)}${check.id.padEnd(19)}${clean(sentence)}`;
  if (verdict === 'ok') return [line];
  return [
    line,
    ...(todo === undefined ? [] : [`${' '.repeat(28)}→ ${clean(todo)}`]),
    `${' '.repeat(28)}  ${check.doc}`,
  ];
}

function summary(judged: readonly Judged[]): string {
  const counts = (['wrong', 'warn', 'unknown', 'ok'] as const).map((verdict) => {
    return `${judged.filter((one) => one.verdict === verdict).length} ${WORDS[verdict]}`;
  });
  return counts.join(', ');
}

export const timeOf = ({ at }: Diagnosis): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** One document for machines, on one line. */
export function asJson(origin: string, diagnosis: Diagnosis): string {
  const { outcome } = diagnosis;
  const about = { origin, at: timeOf(diagnosis), outcome };
  return JSON.stringify(
    outcome === 'asked'
      ? { ...about, findings: diagnosis.judged.map(documentOf) }
      : { ...about, reason: clean(diagnosis.reason) },
  );
}

/** One check, for machines. */
export function documentOf({ check, verdict, says, detail, todo }: Judged): Record<string, string> {
  return {
    check: check.id,
    verdict,
    says: clean(says),
    ...(detail !== undefined && { detail: clean(detail) }),
    ...(todo !== undefined && { todo: clean(todo) }),
    doc: check.doc,
  };
}

/** Text in which a foreign server may have had a word: no terminal takes it for a command, and it has an end. */
function clean(text: string): string {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length > CHARACTERS_MAX ? `${line.slice(0, CHARACTERS_MAX)}…` : line;
}

/** 0: nothing is wrong; 1: something is; 2: it cannot be asked. */
export function exitCodeOf(diagnosis: Diagnosis): 0 | 1 | 2 {
  if (diagnosis.outcome === 'cannot-be-asked') return 2;
  return diagnosis.judged.some(({ verdict }) => verdict === 'wrong') ? 1 : 0;
}
