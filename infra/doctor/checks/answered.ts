import { type Finding, unknown } from '../finding.ts';
import { type Answered, type Reply, refusalIn } from '../reply.ts';

/** Refusals that say nothing of the route that was asked, and the check that says more. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  settings_invalid: 'settings',
  misdirected_request: 'public-origin',
  op_unavailable: 'ready',
  storage_unavailable: 'ready',
};

/** What an answer is found to be; where there is none to judge, what stands in the way. */
export function judgeAnswer(reply: Reply | null, judge: (answered: Answered) => Finding): Finding {
  if (reply === null) return unknown('It was not asked.');
  if (reply.kind === 'unanswered') return unknown(`It did not answer: ${reply.reason}.`);
  const refusal = refusalIn(reply);
  const other = refusal === null ? undefined : ELSEWHERE[refusal];
  return other === undefined ? judge(reply) : unknown(`It cannot be told: see \`${other}\`.`);
}

/** What was answered, for a sentence: the status, and the code of a refusal of Exeunt's own. */
export function describe(reply: Answered): string {
  const code = refusalIn(reply);
  return code === null ? String(reply.status) : `${reply.status} ${code}`;
}
