import type { Answer } from './message.ts';

/** What answers are chosen by: who asks (`Cookie`, `X-Csrf`), from where, for what, and whether a person reads it. */
const CHOSEN_BY = ['Accept', 'Cookie', 'Origin', 'Sec-Fetch-Dest', 'Sec-Fetch-Mode', 'Sec-Fetch-Site', 'X-Csrf'];
const BY_US_ALONE = CHOSEN_BY.join(', ');

/**
 * The answer, saying what it was chosen by. None of them may be stored anyway; this is for whoever stores them all the same.
 * What is the same for everybody (`no-cache`) stays as it is.
 *
 * @see RFC 9110 section 12.5.5
 */
export function withVary(answer: Answer): Answer {
  const { headers } = answer;
  if (headers['cache-control'] !== 'no-store') return answer;
  const vary = headers.vary === undefined ? BY_US_ALONE : withOurs(headers.vary);
  return { ...answer, headers: { ...headers, vary } };
}

function withOurs(vary: string): string {
  const given = vary.split(',').map((name) => name.trim());
  if (given.includes('*')) return vary;
  const known = new Set(given.map((name) => name.toLowerCase()));
  const ours = CHOSEN_BY.filter((name) => !known.has(name.toLowerCase()));
  return [...given.filter((name) => name !== ''), ...ours].join(', ');
}
