import { refuse } from '../../shared/http/answers.ts';
import { API_PROBLEMS } from '../../shared/http/problems/api.ts';
import { APPLICATION_PROBLEMS } from '../../shared/http/problems/application.ts';
import { SERVICE_PROBLEMS } from '../../shared/http/problems/services.ts';
import { SESSION_PROBLEMS } from '../../shared/http/problems/session.ts';
import { SIGN_IN_PROBLEMS } from '../../shared/http/problems/sign-in.ts';
import type { ProblemKind } from '../../shared/http/problems.ts';

const AREAS: readonly (readonly [title: string, problems: Readonly<Record<string, ProblemKind>>])[] = [
  ['Sign-in', SIGN_IN_PROBLEMS],
  ['Session and sign-out', SESSION_PROBLEMS],
  ['API calls', API_PROBLEMS],
  ['Doors for services and operators', SERVICE_PROBLEMS],
  ['Anywhere', APPLICATION_PROBLEMS],
];

/** `docs/errors.md`, whole. */
export function renderErrors(): string {
  return `${[...intro(), ...AREAS.flatMap(([title, problems]) => area(title, problems)), ...others()].join('\n')}\n`;
}

function intro(): string[] {
  return [
    '# Errors',
    '',
    'Every refusal of this application, by its `code`. Made from `shared/http/problems/` by `node local/errors.ts`; a test fails where',
    'this page is out of date, and [another](../test/http/errors.test.ts) provokes each code through HTTP.',
    '',
    'A program gets a problem document (RFC 9457); a person, whose browser asks for `text/html`, a page that says the same.',
    '',
    '```',
    ...example(),
    '```',
    '',
    '- Go by `code`, or by `type`, which is `urn:exeunt:problem:` and the code: those stay. Title and detail are for reading, and change.',
    '- An API behind `/api` answers for itself, problem documents too: a `type` that begins so is of this application, any other is not.',
    '  It leads nowhere, since this software has no host of its own; this page is where to look.',
    '- `instance` has the id of the request, and a page shows it. The log has a line with that `id` and the code: `request.refused`,',
    '  `signin.refused` or `api.failed`. Other lines with the same id may say more, `reason` above all. It is the invocation id of Azure',
    "  Functions, and `faas.invocation_id` of the request's span.",
    '- 401 may carry `signInUrl`: send the whole page there, with `returnTo` added. `settings_invalid` carries `mistakes`. There are no',
    '  other members.',
    '- 503 may carry `Retry-After`, in seconds.',
    '- Neither an answer nor a line of the log repeats what the request carried, what the OP or an API said in words, or where in the',
    '  code something broke (that, without any message, is in the log alone).',
    '',
  ];
}

function example(): string[] {
  const request = {
    id: '5f0c0d3e-8f5b-4b0a-9d0e-1f3c5a7b9d11',
    applicationName: undefined,
    method: 'GET',
    url: 'https://app.contoso.com/api/graph/users',
    headers: new Headers({ accept: 'application/json' }),
    body: null,
  };
  const { status, headers, body } = refuse(request, 'route_not_allowed');
  const document = JSON.stringify(JSON.parse(String(body)), null, 2);
  return [`HTTP/1.1 ${status}`, `Content-Type: ${headers['content-type']}`, '', ...document.split('\n')];
}

function area(title: string, problems: Readonly<Record<string, ProblemKind>>): string[] {
  const rows = Object.entries(problems).map(
    ([code, { status, when, developer, operator }]) =>
      `| \`${code}\` | ${status} | ${cell(when)} | ${cell(developer)} | ${cell(operator ?? '')} |`,
  );
  const head = ['| code | status | when | what a developer does | what an operator does |', '|---|---|---|---|---|'];
  return [`## ${title}`, '', ...head, ...rows, ''];
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** What looks like an error of ours and has no code. */
function others(): string[] {
  return [
    '## What has no code',
    '',
    '- What an API answered, errors too: it comes through as it is.',
    '- `POST /auth/backchannel-logout` answers 400 with `error` (Back-Channel Logout 1.0 section 2.8), `POST /events/security` with `err`',
    '  (RFC 8935 section 2.3): as their callers want it. The log has `signout.refused` and `security-event.refused`, with the reason.',
    '- `GET /health/ready` answers 503 and says which part is missing.',
    '- What the Functions host answers before any function runs has an empty body: 404 for paths and methods that no function has and',
    '  for an address that is too long (8 KB, its query 4 KB), 413 for a body over `FUNCTIONS_REQUEST_BODY_SIZE_LIMIT`, 400 for what is',
    '  no HTTP. In front of it the platform has words of its own, 502 to 504 among them: those have no `code` either.',
  ];
}
