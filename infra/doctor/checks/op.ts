import { isLoopbackHost } from '../../../shared/settings/origin.ts';
import type { Asked, Found } from '../asked.ts';
import { type Check, type Finding, ok, unknown, warn, wrong } from '../finding.ts';
import { objectIn } from '../reply.ts';
import { judgeAnswer } from './answered.ts';

const ENDPOINTS = [
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'end_session_endpoint',
  'revocation_endpoint',
  'pushed_authorization_request_endpoint',
] as const;

const NOT_FOUND = unknown(
  'Its discovery document was not found.',
  'Name it: --metadata https://…/.well-known/openid-configuration',
);

export const OP_CHECKS: readonly Check[] = [
  {
    id: 'op-metadata',
    about: "the OP's discovery document: its issuer is where it was found, its endpoints are https",
    doc: 'docs/providers.md',
    of: 'web',
    judge: ofMetadata(judgeMetadata),
  },
  {
    id: 'op-keys',
    about: "the OP's signing keys can be had",
    doc: 'docs/providers.md',
    of: 'web',
    judge: (asked) =>
      asked.metadata === null
        ? NOT_FOUND
        : judgeAnswer(asked.keys, (answer) => {
            const keys = objectIn(answer)?.keys;
            if (answer.status === 200 && Array.isArray(keys) && keys.length > 0) return ok('They can be had.');
            return wrong(
              `\`jwks_uri\` answers ${answer.status}, and no keys.`,
              'No ID token can be verified: tell those who run the OP.',
            );
          }),
  },
  {
    id: 'op-pkce',
    about: 'the OP takes PKCE with S256, as far as it says so (Entra ID says nothing of it, and does)',
    doc: 'docs/providers.md',
    of: 'web',
    judge: ofMetadata(({ document }) => {
      const methods = document.code_challenge_methods_supported;
      if (!Array.isArray(methods)) return ok('The OP does not say, and the application sends it anyway.');
      if (methods.includes('S256')) return ok('It does.');
      return warn(
        'The OP does not name S256.',
        'It may ignore the challenge: then a stolen code is only held by the client credential.',
      );
    }),
  },
  {
    id: 'op-sign-out',
    about: 'the OP has a sign-out page (`end_session_endpoint`), and calls applications at a sign-out',
    doc: 'docs/providers.md',
    of: 'web',
    judge: ofMetadata(judgeSignOut),
  },
];

function ofMetadata(judge: (found: Found) => Finding): (asked: Asked) => Finding {
  return ({ metadata }) => (metadata === null ? NOT_FOUND : judge(metadata));
}

/** @see OpenID Connect Discovery 1.0 section 4.3; Entra ID's issuer for several tenants is a template */
function judgeMetadata({ url, document }: Found): Finding {
  const insecure = ENDPOINTS.filter((name) => document[name] !== undefined && !isSecure(document[name]));
  if (insecure.length > 0) {
    return wrong(
      `These are not https: ${insecure.join(', ')}.`,
      'The application takes no such document: tell those who run the OP.',
    );
  }
  const issuer = URL.parse(String(document.issuer));
  if (issuer === null) return wrong('It names no issuer.', 'No ID token can be verified: tell those who run the OP.');
  const place = url.replace(/\/?\.well-known\/openid-configuration(\?.*)?$/, '');
  const isThere = String(document.issuer).replace(/\/$/, '') === place;
  if (isThere) return ok(`It is ${place}.`);
  // Entra ID: the issuer holds the tenant's id, or a template of it, where the address may hold its domain; External ID's has another host.
  return ok(`Its issuer is at ${issuer.origin}, and its document at ${new URL(url).origin}, as with Entra ID.`);
}

function isSecure(endpoint: unknown): boolean {
  const url = URL.parse(String(endpoint));
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname));
}

function judgeSignOut({ document }: Found): Finding {
  if (document.end_session_endpoint === undefined) {
    return warn(
      'It has no sign-out page: a sign-out here leaves its own session standing.',
      'The next sign-in asks who it is; nothing else can be done.',
    );
  }
  const isCalling = ['frontchannel_logout_supported', 'http_logout_supported', 'backchannel_logout_supported'];
  if (isCalling.some((name) => document[name] === true)) return ok('It has one, and calls applications.');
  const todo =
    'Then a sign-out in another application ends nothing here: rely on `SESSION_REVALIDATE_MINUTES`, or open another door.';
  return warn('It has one, and does not announce that it calls applications at a sign-out.', todo);
}
