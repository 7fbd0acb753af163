import { Agent } from 'undici';

/** More are never under way at once, a little fewer than the system lets wait to be taken: the rest waits as at a front end. */
const CONNECTIONS_MAX = 500;
const TICK_MILLISECONDS = 5;
/** Whoever has waited so long has left. */
const PATIENCE_MILLISECONDS = 60_000;

export interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** All of the right answer. */
  readonly expected: string;
}

/** What became of the requests of a load, counted. */
export interface Outcomes {
  right: number;
  /** Refused by the application: a problem document (RFC 9457), by its `code`. */
  readonly refused: Record<string, number>;
  /** Not connected, or cut off, by whoever listens. */
  readonly unconnected: Record<string, number>;
  /** Whatever else: there must be none. */
  readonly wrong: string[];
  /** Of the right answers, milliseconds from when each was due, in order of arrival. */
  readonly latencies: number[];
}

export const noOutcomes = (): Outcomes => ({ right: 0, refused: {}, unconnected: {}, wrong: [], latencies: [] });

/**
 * Sends so many requests a second, whether or not those before have been answered, and waits until all have.
 *
 * @param sent told when the last has been sent
 */
export async function openLoop(
  origin: string,
  perSecond: number,
  seconds: number,
  next: () => Request,
  sent: () => void = () => {},
): Promise<Outcomes> {
  const agent = new Agent({ connections: CONNECTIONS_MAX, pipelining: 1 });
  const outcomes = noOutcomes();
  const underWay: Promise<void>[] = [];
  const began = performance.now();
  await new Promise<void>((resolve) => {
    const tick = setInterval(() => {
      const elapsed = Math.min(performance.now() - began, seconds * 1_000);
      const due = Math.floor((elapsed / 1_000) * perSecond);
      while (underWay.length < due) underWay.push(sendOne(agent, origin, next(), outcomes));
      if (elapsed < seconds * 1_000) return;
      clearInterval(tick);
      resolve();
    }, TICK_MILLISECONDS);
  });
  sent();
  await Promise.all(underWay);
  await agent.destroy();
  return outcomes;
}

async function sendOne(agent: Agent, origin: string, { path, headers, expected }: Request, outcomes: Outcomes) {
  const due = performance.now();
  try {
    const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
    const answer = await agent.request({ origin, path, method: 'GET', headers, signal });
    const text = await answer.body.text();
    if (answer.statusCode === 200 && text === expected) {
      outcomes.right += 1;
      outcomes.latencies.push(performance.now() - due);
      return;
    }
    const code = codeOf(answer.headers['content-type'], text);
    if (answer.statusCode >= 400 && code !== null) count(outcomes.refused, `${answer.statusCode} ${code}`);
    else outcomes.wrong.push(`${answer.statusCode} ${text.slice(0, 100)}`);
  } catch (error) {
    count(outcomes.unconnected, (error as { code?: string }).code ?? String(error));
  }
}

function codeOf(contentType: unknown, text: string): string | null {
  if (!String(contentType).startsWith('application/problem+json')) return null;
  const { code } = JSON.parse(text) as { code?: unknown };
  return typeof code === 'string' ? code : null;
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
