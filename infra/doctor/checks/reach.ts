import { plainHttpOf } from '../ask-all.ts';
import { type Check, type Finding, ok, warn, wrong } from '../finding.ts';
import { redirectIn } from '../reply.ts';

const DAY_MILLISECONDS = 86_400_000;
/** Certificates that renew themselves do so a month ahead: what is nearer than that has failed at least once. */
const CERTIFICATE_WARN_DAYS = 21;
const CERTIFICATE_WRONG_DAYS = 7;

export const REACH_CHECKS: readonly Check[] = [
  {
    id: 'reachable',
    about: '`/health` answers, by https, as Exeunt does, and sends nobody elsewhere',
    doc: 'docs/doctor.md#what-it-asks',
    of: 'platform',
    judge: () => ok('The application lives, and answers at this address itself.'),
  },
  {
    id: 'certificate',
    about: 'the certificate is trusted by this machine, is for this name, and has three weeks or more left',
    doc: 'docs/doctor.md#certificate',
    of: 'platform',
    judge: ({ alive, at }) =>
      alive.kind === 'answered' ? judgeCertificate(alive.certificateEndsAt, at) : noCertificate,
  },
  {
    id: 'plain-http',
    about: 'http at port 80 leads to https, or nobody listens there',
    doc: 'docs/doctor.md#plain-http',
    of: 'platform',
    judge({ origin, plainHttp }) {
      if (plainHttp === null) return ok('There is no http to be led away from.');
      if (plainHttp.kind === 'unanswered') return ok('Nobody answers by plain http.');
      if (redirectIn(plainHttp)?.origin === origin) return ok('Plain http leads to https.');
      if (plainHttp.status >= 400) return ok('Plain http is refused.');
      const says = `${plainHttpOf(origin)} answers ${plainHttp.status} and does not lead to https.`;
      return wrong(
        says,
        'Turn on "HTTPS only" of the function app (`httpsOnly`), and the redirect of what stands in front.',
      );
    },
  },
];

const noCertificate = ok('There is none over plain http on this machine.');

function judgeCertificate(endsAt: number | null, at: number): Finding {
  if (endsAt === null) return noCertificate;
  const days = Math.floor((endsAt - at) / DAY_MILLISECONDS);
  const detail = `${days} days left`;
  const todo =
    'See why it was not renewed: a managed certificate needs its DNS records to stay, one of your own a new version.';
  if (days < CERTIFICATE_WRONG_DAYS) return { ...wrong('The certificate ends within a week.', todo), detail };
  if (days < CERTIFICATE_WARN_DAYS) return { ...warn('The certificate ends within three weeks.', todo), detail };
  return ok('The certificate is good.', detail);
}
