import { APP_REPLIES, type Asked } from '../asked.ts';
import { type Check, type Finding, ok, warn, wrong } from '../finding.ts';
import { type Answered, refusalIn } from '../reply.ts';
import { describe, judgeAnswer } from './answered.ts';
import { hasDirective, sourcesOf } from './header.ts';

/** Half a year: what preload lists and scanners take for short is below it. */
const HSTS_SECONDS_MIN = 15_552_000;

const HOW_LEFT = 'Have what stands in front leave the headers of answers as they are.';

export const HEADER_CHECKS: readonly Check[] = [
  {
    id: 'page-headers',
    about:
      'a page carries the policy that it is sent with: CSP without inline scripts, `nosniff`, no referrer elsewhere, no frames',
    doc: 'docs/browsers.md',
    of: 'web',
    judge: ({ page }) =>
      judgeAnswer(page, (answer) => {
        if (answer.status !== 200) return wrong(`/auth/signed-out answers ${describe(answer)}.`, HOW_LEFT);
        const faults = pageFaults(answer);
        return faults.length === 0 ? ok('They are all there.') : wrong(`A page ${faults.join(', ')}.`, HOW_LEFT);
      }),
  },
  {
    id: 'no-store',
    about: 'no answer of `/auth` and `/health` may be stored',
    doc: 'docs/browsers.md',
    of: 'web',
    judge: judgeStoring,
  },
  {
    id: 'hsts',
    about: '`Strict-Transport-Security` for half a year or more',
    doc: 'docs/doctor.md#hsts',
    of: 'platform',
    judge({ origin, alive }) {
      if (!origin.startsWith('https:')) return ok('It has no meaning over plain http on this machine.');
      return judgeAnswer(alive, ({ headers }) => {
        const [, seconds] = /max-age="?(\d+)/i.exec(headers['strict-transport-security'] ?? '') ?? [];
        if (Number(seconds) >= HSTS_SECONDS_MIN) return ok('Browsers are told to come by https alone.');
        const todo =
          'See `http.hsts` in host.json, and have what stands in front leave the header as it is, or add it.';
        return warn(seconds === undefined ? 'There is none.' : 'It is for less than half a year.', todo);
      });
    },
  },
  {
    id: 'server-names',
    about: 'no `Server` with a version, no `X-Powered-By`, no `X-AspNet-Version`',
    doc: 'docs/doctor.md#hsts',
    of: 'platform',
    judge: ({ alive }) =>
      judgeAnswer(alive, ({ headers }) => {
        const told = ['x-powered-by', 'x-aspnet-version', 'x-aspnetmvc-version'].filter((name) => name in headers);
        if (/\d/.test(headers.server ?? '')) told.push('server');
        if (told.length === 0) return ok('None tells what it runs on.');
        return warn(`It tells what it runs on: ${told.join(', ')}.`, 'Have what stands in front take them away.');
      }),
  },
];

function pageFaults({ headers }: Answered): string[] {
  const policy = headers['content-security-policy'];
  const faults: string[] = [];
  const scripts = sourcesOf(policy, 'script-src') ?? sourcesOf(policy, 'default-src');
  if (scripts === null) faults.push('has no Content-Security-Policy for scripts');
  else if (scripts.some((source) => /unsafe|\*|^https?:$|^data:$/.test(source)))
    faults.push('lets foreign scripts run');
  if (sourcesOf(policy, 'frame-ancestors')?.join() !== "'none'") faults.push('may be framed');
  if (headers['x-content-type-options'] !== 'nosniff') faults.push('is without nosniff');
  if (!['same-origin', 'no-referrer'].includes(headers['referrer-policy'] ?? '')) faults.push('sends its address on');
  return faults;
}

function judgeStoring(asked: Asked): Finding {
  const storable = APP_REPLIES.filter((name) => {
    const reply = asked[name];
    if (reply?.kind !== 'answered' || hasDirective(reply.headers['cache-control'], 'no-store')) return false;
    // An error that is none of ours is of the Functions host, or of what stands in front.
    return reply.status < 400 || refusalIn(reply) !== null;
  });
  if (storable.length === 0) return ok('None may be stored.');
  return wrong(`Answers may be stored: ${storable.join(', ')}.`, HOW_LEFT);
}
