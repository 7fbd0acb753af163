import type { Asked } from '../asked.ts';
import { type Check, type Finding, ok, unknown, warn, wrong } from '../finding.ts';
import { type Answered, redirectIn } from '../reply.ts';
import { judgeAnswer } from './answered.ts';

export const REDIRECT_CHECKS: readonly Check[] = [
  {
    id: 'redirect-uri',
    about:
      'the OP sends browsers back to `/auth/callback`: a sign-in with `prompt=none` is opened once, without cookies, and not followed',
    doc: 'docs/doctor.md#redirect-uri',
    of: 'web',
    judge: judgeRedirectUri,
  },
  {
    id: 'post-logout-uri',
    about:
      "the OP's sign-out page sends browsers back to `/auth/signed-out`, as far as it says so to somebody who is not signed in",
    doc: 'docs/doctor.md#redirect-uri',
    of: 'web',
    judge: judgePostLogoutUri,
  },
  {
    id: 'logout-url',
    about:
      'the front-channel logout URL is https, which Entra ID wants; whether it is registered is not seen from outside',
    doc: 'docs/doctor.md#logout-url',
    of: 'web',
    judge({ origin }) {
      const url = `${origin}/auth/signout-callback`;
      if (!origin.startsWith('https:')) {
        return warn(
          `${url} is not https: Entra ID does not take it as a logout URL.`,
          'Use it with the local OP alone.',
        );
      }
      const todo =
        'Compare "Front-channel logout URL" of the app registration, or sign out of another application and look (`npm run tenant`).';
      return unknown(`Only the OP knows whether ${url} is registered.`, todo);
    },
  },
];

/** Of somebody who is not signed in, with nobody to be asked (OpenID Connect Core 1.0 section 3.1.2.6). */
const NOT_SIGNED_IN = ['login_required', 'interaction_required', 'account_selection_required', 'consent_required'];
/** What Entra ID's page says, and no other: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const NOT_REGISTERED = ['50011', '500112', '500113'];
/** That nobody is signed in, said on a page. */
const NOBODY_SIGNED_IN = '50058';
const NO_SUCH_APPLICATION = ['700016', '90002', '900023'];

function judgeRedirectUri({ origin, authorize }: Asked): Finding {
  const callback = `${origin}/auth/callback`;
  return judgeAnswer(authorize, (answer) => {
    const error = errorBroughtTo(callback, answer);
    if (error !== null) {
      if (error === '' || NOT_SIGNED_IN.includes(error)) return ok(`The OP sends browsers back to ${callback}.`);
      const todo = 'See `AUTH_SCOPES`, the registration and its permissions: people would come back with this error.';
      return wrong(`The OP knows ${callback}, and refuses the request itself: ${error}.`, todo);
    }
    const [, code] = /AADSTS(\d{4,9})/.exec(answer.text) ?? [];
    if (code !== undefined && NOT_REGISTERED.includes(code)) {
      const todo = `Add ${callback} to the redirect URIs of the app registration, as platform "Web".`;
      return wrong(`The OP does not know ${callback} (AADSTS${code}).`, todo);
    }
    if (code !== undefined && NO_SUCH_APPLICATION.includes(code)) {
      return wrong(
        `The OP knows no such application, or no such tenant (AADSTS${code}).`,
        'Compare `AUTH_CLIENT_ID` and `AUTH_AUTHORITY` with the app registration.',
      );
    }
    if (code !== undefined && code !== NOBODY_SIGNED_IN) {
      return warn(
        `The OP's page says AADSTS${code}.`,
        `Read on at https://login.microsoftonline.com/error?code=${code}`,
      );
    }
    if (answer.status >= 400 && answer.status < 500) {
      const todo = `Compare ${callback} and \`AUTH_CLIENT_ID\` with what is registered there.`;
      return wrong(`The OP refuses the request with ${answer.status} and sends nobody back.`, todo);
    }
    return unknown('The OP did not say it to somebody who is not signed in.', 'Sign in once.');
  });
}

/** The error with which the OP sends the browser to an address, by redirect or by a form; empty without one; null where it does not. */
function errorBroughtTo(callback: string, answer: Answered): string | null {
  const location = redirectIn(answer);
  if (location !== null && isAt(location, callback)) return printable(location.searchParams.get('error') ?? '');
  const action = /<form\b[^<>]{0,2000}\baction="([^"]{0,2000})"/i.exec(answer.text)?.[1];
  const target = action === undefined ? null : URL.parse(action.replaceAll('&amp;', '&'));
  if (target === null || !isAt(target, callback)) return null;
  const error = /name="error"[^<>]{0,200}\bvalue="([^"]{0,200})"/i.exec(answer.text)?.[1] ?? '';
  return printable(error);
}

function judgePostLogoutUri({ origin, metadata, endSession }: Asked): Finding {
  const returning = `${origin}/auth/signed-out`;
  if (metadata !== null && metadata.document.end_session_endpoint === undefined) {
    return unknown('The OP has no sign-out page: see `op-sign-out`.');
  }
  return judgeAnswer(endSession, (answer) => {
    const location = redirectIn(answer);
    if (location !== null && isAt(location, returning)) return ok(`The OP sends browsers back to ${returning}.`);
    if (answer.status >= 400 && answer.status < 500) {
      return wrong(`The OP refuses to return to ${returning} (${answer.status}).`, `Register ${returning} there.`);
    }
    const todo = `At Entra ID it has to be among the redirect URIs: compare, or sign out once and see that you come back.`;
    return unknown(`The OP does not say whether it knows ${returning}.`, todo);
  });
}

const isAt = ({ origin, pathname }: URL, address: string): boolean => `${origin}${pathname}` === address;

/** An error's characters are of RFC 6749 section 4.1.2.1, and it is a word. */
const printable = (error: string): string => (/^[\w.-]{0,60}$/.test(error) ? error : 'an error that is none');
