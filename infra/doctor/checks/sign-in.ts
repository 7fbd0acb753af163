import { APP_REPLIES, type Asked } from '../asked.ts';
import { type Check, type Finding, ok, unknown, warn, wrong } from '../finding.ts';
import { redirectIn, refusalIn } from '../reply.ts';
import { describe, judgeAnswer } from './answered.ts';
import { cookieFaults, parseSetCookie } from './cookie.ts';

const ATTEMPT = /^__Host-signin-/;
const COOKIE_NAME = /^[\w.-]{1,64}$/;

export const SIGN_IN_CHECKS: readonly Check[] = [
  {
    id: 'public-origin',
    about: '`PUBLIC_ORIGIN` is the origin that was asked: the `redirect_uri` of a sign-in begins with it',
    doc: 'docs/browsers.md#what-stands-in-front-the-host-and-trusted_proxy',
    of: 'web',
    judge: judgePublicOrigin,
  },
  {
    id: 'sign-in',
    about: '`/auth/signin` sends the browser to the OP, by the code flow with PKCE (S256), `state` and `nonce`',
    doc: 'docs/providers.md',
    of: 'web',
    judge: ({ signin }) =>
      judgeAnswer(signin, (answer) => {
        const address = redirectIn(answer);
        if (refusalIn(answer) === 'op_refused') {
          return wrong('The OP refused the sign-in request that the application pushed to it.', HOW_PUSHED);
        }
        if (address === null)
          return wrong(`It answers ${describe(answer)} instead of a way to the OP.`, 'See its log.');
        const query = address.searchParams;
        if (query.has('request_uri')) return ok('It leads to the OP, with a request that was pushed there.');
        const isComplete = ['state', 'nonce', 'code_challenge', 'client_id'].every((name) => query.has(name));
        const isSafe = query.get('code_challenge_method') === 'S256' && query.get('response_type') === 'code';
        if (isComplete && isSafe) return ok('It leads to the OP.');
        return wrong('It leads somewhere, with a request that is not ours.', 'See what in front changes redirects.');
      }),
  },
  {
    id: 'sign-in-cookie',
    about: "the attempt's cookie: `__Host-`, Secure, HttpOnly, Path=/, no Domain, SameSite=Lax (None with `form_post`)",
    doc: 'docs/browsers.md',
    of: 'web',
    judge: judgeAttemptCookie,
  },
  {
    id: 'other-cookies',
    about: 'nobody else sets cookies under this origin, such as the platform for client affinity',
    doc: 'docs/doctor.md#other-cookies',
    of: 'platform',
    judge: judgeOtherCookies,
  },
];

const HOW_PUSHED =
  "See `reason` of `signin.refused` in the log: the application's credential, or its redirect URI, is not what the OP has.";
const HOW_ORIGIN =
  'Set `PUBLIC_ORIGIN` to the address that people open, or have what stands in front pass `Host` on (or prove itself by `TRUSTED_PROXY`).';

function judgePublicOrigin({ origin, signin }: Asked): Finding {
  if (signin.kind === 'answered' && refusalIn(signin) === 'misdirected_request') {
    return wrong('The application does not know itself by this name (421).', HOW_ORIGIN);
  }
  return judgeAnswer(signin, (answer) => {
    const address = redirectIn(answer);
    if (address === null) return unknown('It cannot be told: see `sign-in`.');
    const redirectUri = address.searchParams.get('redirect_uri');
    if (redirectUri === null)
      return ok('The application answers to this name; the request itself was pushed, and is not seen.');
    const own = URL.parse(redirectUri)?.origin ?? 'nowhere';
    return own === origin ? ok(`It is ${origin}.`) : wrong(`It is ${own}, and not ${origin}.`, HOW_ORIGIN);
  });
}

function judgeAttemptCookie({ signin }: Asked): Finding {
  return judgeAnswer(signin, (answer) => {
    const address = redirectIn(answer);
    if (address === null) return unknown('It cannot be told: see `sign-in`.');
    const cookie = answer.setCookies.map(parseSetCookie).find(({ name }) => ATTEMPT.test(name));
    if (cookie === undefined) {
      return wrong(
        'A sign-in sets no cookie: nobody could come back from the OP.',
        'See what in front takes `Set-Cookie` away.',
      );
    }
    const mode = address.searchParams.get('response_mode');
    const sameSite = mode === 'form_post' ? ['none'] : mode === 'query' ? ['lax'] : ['lax', 'none'];
    const faults = cookieFaults(cookie, sameSite);
    if (faults.length === 0) return ok('It is as it has to be.');
    return wrong(
      `The cookie of a sign-in ${faults.join(', ')}.`,
      'See what in front rewrites cookies, and have it leave them.',
    );
  });
}

function judgeOtherCookies(asked: Asked): Finding {
  const names = APP_REPLIES.flatMap((name) => {
    const reply = asked[name];
    return reply?.kind === 'answered' ? reply.setCookies.map((line) => parseSetCookie(line).name) : [];
  });
  const others = [...new Set(names.filter((name) => !name.startsWith('__Host-')))];
  if (others.length === 0) return ok('There are none.');
  const shown = others.map((name) => (COOKIE_NAME.test(name) ? name : '(unprintable)')).sort();
  const todo =
    'Turn off client affinity of the function app (`ARRAffinity`), and cookies of what stands in front that nobody needs.';
  return warn(`Somebody else sets: ${shown.join(', ')}.`, todo);
}
