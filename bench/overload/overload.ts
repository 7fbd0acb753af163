/**
 * Four times as many calls as an instance can answer, for a while, whether or not it has answered those before, and sign-outs in
 * the middle of it: whether all is answered rightly, and how soon it answers as many as before. `node bench/overload/overload.ts`,
 * `--full` for longer.
 */
import { parseArgs } from 'node:util';
import { Client } from 'undici';
import { outliveReader } from '../../local/command-line.ts';
import { percentile } from '../measure/percentiles.ts';
import { timeSlice } from '../measure/time-slice.ts';
import { divideCores, pin } from '../stage/cores.ts';
import { raiseStage, type StagedUser } from '../stage/stage.ts';
import { type Subject, startSubject } from '../subjects/subjects.ts';
import { openLoop, type Request } from './open-loop.ts';

const TIMES = 4;
const PEOPLE = 50;
const SIGN_OUTS = 20;
const CONCURRENCY = 16;
const RECOVERED_SHARE = 0.95;
/** A slice of the load of before, over and over, until as many are answered as before. */
const SLICE_SECONDS = 1.5;
const SLICES_MAX = 8;
const MEBIBYTE = 2 ** 20;

/** Until the connections are made: under its load it is never without work. */
const LEAD_SECONDS = 0.2;

outliveReader();
const { values } = parseArgs({ options: { full: { type: 'boolean', default: false } } });
const { warmSeconds, overSeconds } = values.full
  ? { warmSeconds: 20, overSeconds: 20 }
  : { warmSeconds: 8, overSeconds: 4 };

const cores = divideCores();
const stage = await raiseStage([{ people: PEOPLE + SIGN_OUTS, resources: 1, devices: 1 }]);
const subject = await startSubject(stage, 'exeunt', 'azurite');
if (cores) pin(subject.pid, cores.tested);
const users = stage.users.slice(0, PEOPLE);
const leaving = stage.users.slice(PEOPLE);
try {
  const rate = async (seconds: number): Promise<number> => {
    const slice = await timeSlice(subject, { concurrency: CONCURRENCY, leadSeconds: LEAD_SECONDS, seconds, users });
    return slice.requests / slice.seconds;
  };
  await rate(warmSeconds);
  const before = await rate(2 * SLICE_SECONDS);
  const { residentBytes } = await subject.usage();

  const signOuts = leaving.map((user, at) => signOutAt(user, ((at + 0.5) / SIGN_OUTS) * overSeconds));
  let sentAt = 0;
  const outcomes = await openLoop(subject.origin, TIMES * before, overSeconds, callsInTurn(subject, users), () => {
    sentAt = performance.now();
  });
  const drainedSeconds = (performance.now() - sentAt) / 1_000;
  const signedOut = await Promise.all(signOuts);
  const acknowledged = leaving.filter((_, at) => signedOut[at] === 303);
  const stillIn = (await Promise.all(acknowledged.map(isIn))).filter((is) => is).length;

  let recovered = 0;
  let slices = 0;
  while (recovered < RECOVERED_SHARE && slices < SLICES_MAX) {
    recovered = (await rate(SLICE_SECONDS)) / before;
    slices += 1;
  }
  const grown = ((await subject.usage()).residentBytes - residentBytes) / MEBIBYTE;

  const { right, refused, unconnected, wrong, latencies } = outcomes;
  const sorted = Float64Array.from(latencies).sort();
  const times = (share: number) => (right > 0 ? (percentile(sorted, share) / 1_000 / overSeconds).toFixed(1) : '-');
  console.log(`load: ${TIMES} x what was answered before, for ${overSeconds} s`);
  console.log(
    `answered rightly ${right}, refused ${text(refused)}, not connected ${text(unconnected)}, wrong ${wrong.length}`,
  );
  console.log(
    `waited, in lengths of the load: median ${times(0.5)}, most ${times(1)}; drained ${(drainedSeconds / overSeconds).toFixed(1)} lengths after its end`,
  );
  console.log(
    `sign-outs in the middle of it: ${acknowledged.length} of ${SIGN_OUTS} acknowledged, ${stillIn} of them still in`,
  );
  console.log(
    `then ${recovered.toFixed(2)} x as many a second as before, within ${(slices * SLICE_SECONDS).toFixed(1)} s; memory +${grown.toFixed(0)} MiB`,
  );
  const met = wrong.length === 0 && stillIn === 0 && acknowledged.length === SIGN_OUTS && recovered >= RECOVERED_SHARE;
  console.log(met ? 'met' : `MISSED ${wrong[0] ?? ''}`);
  if (wrong.length > 0 || stillIn > 0) process.exitCode = 1;
} finally {
  await subject.stop();
  await stage.stop();
}

function callsInTurn(to: Subject, of: readonly StagedUser[]): () => Request {
  let turn = 0;
  return () => {
    const user = of[turn % of.length] as StagedUser;
    turn += 1;
    const headers = { cookie: to.cookieOf(user), 'x-csrf': '1', accept: 'application/json' };
    return { path: '/api/graph/me', headers, expected: to.answerTo(user) };
  };
}

/** The status of the answer; 0 where there is none. */
async function signOutAt(user: StagedUser, seconds: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  return ask('POST', '/auth/signout', { origin: subject.origin, 'sec-fetch-site': 'same-origin' }, user);
}

async function isIn(user: StagedUser): Promise<boolean> {
  return (await ask('GET', '/auth/session', {}, user)) === 200;
}

async function ask(
  method: 'GET' | 'POST',
  path: string,
  headers: Readonly<Record<string, string>>,
  user: StagedUser,
): Promise<number> {
  const client = new Client(subject.origin);
  try {
    const answer = await client.request({ method, path, headers: { ...headers, cookie: subject.cookieOf(user) } });
    await answer.body.dump();
    return answer.statusCode;
  } catch {
    return 0;
  } finally {
    await client.destroy();
  }
}

function text(counts: Readonly<Record<string, number>>): string {
  const each = Object.entries(counts).map(([name, count]) => `${count} (${name})`);
  return each.length > 0 ? each.join(', ') : '0';
}
