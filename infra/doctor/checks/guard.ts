import { type Check, ok, unknown, warn, wrong } from '../finding.ts';
import { refusalIn } from '../reply.ts';
import { describe, judgeAnswer } from './answered.ts';

const HOW_LEFT = 'See what in front answers instead of the application.';

export const GUARD_CHECKS: readonly Check[] = [
  {
    id: 'session-guard',
    about: '`/auth/session` without a cookie is 401',
    doc: 'docs/errors.md#session-and-sign-out',
    of: 'web',
    judge: ({ session }) =>
      judgeAnswer(session, (answer) =>
        answer.status === 401 && refusalIn(answer) === 'session_required'
          ? ok('Nobody is signed in without a session.')
          : wrong(`It answers ${describe(answer)}.`, HOW_LEFT),
      ),
  },
  {
    id: 'csrf-guard',
    about: 'a call under `/api` without the header `x-csrf` is 403',
    doc: 'docs/browsers.md#serve-your-pages-under-public_origin',
    of: 'web',
    judge: ({ bareCall }) =>
      judgeAnswer(bareCall, (answer) =>
        refusalIn(answer) === 'csrf_header_missing'
          ? ok('It is refused.')
          : wrong(
              `It answers ${describe(answer)}.`,
              'See whether what stands in front adds `x-csrf`, or answers itself.',
            ),
      ),
  },
  {
    id: 'api-guard',
    about:
      'a call under `/api` without a session is 401 (of the first API that the built-in page names, or of `--api`)',
    doc: 'docs/apis.md',
    of: 'web',
    judge: ({ call }) =>
      call === null
        ? unknown(
            'The name of no API is known here.',
            'Name one that you have, with a path that it allows: --api graph/me',
          )
        : judgeAnswer(call, (answer) => {
            const refusal = refusalIn(answer);
            if (refusal === 'session_required') return ok('It is refused.');
            if (refusal === 'api_unknown' || refusal === 'route_not_allowed' || refusal === 'api_path_invalid') {
              return unknown(
                `There is no such call (${refusal}).`,
                'Name one that `DOWNSTREAM_APIS` allows: --api graph/me',
              );
            }
            if (answer.status < 300) {
              return warn(
                'It is answered to anybody.',
                'That is right only for an API whose `session` is `none` in `DOWNSTREAM_APIS`.',
              );
            }
            return wrong(`It answers ${describe(answer)}.`, HOW_LEFT);
          }),
  },
  {
    id: 'easyauth',
    about: 'EasyAuth (App Service authentication) is off: `/.auth/me` is not there',
    doc: 'docs/doctor.md#easyauth',
    of: 'platform',
    judge: ({ easyAuth }) =>
      judgeAnswer(easyAuth, (answer) => {
        if (answer.status === 404 || refusalIn(answer) !== null) return ok('It is off.');
        if (answer.status === 200 || answer.status === 401 || (answer.status >= 300 && answer.status < 400)) {
          const todo =
            'Turn off "Authentication" of the function app: it answers before Exeunt, and keeps tokens of its own.';
          return wrong(`/.auth/me answers ${answer.status}: it is on.`, todo);
        }
        return unknown(`/.auth/me answers ${answer.status}.`, 'See "Authentication" of the function app.');
      }),
  },
  {
    id: 'invocation-id',
    about: "a caller's own `x-ms-invocation-id` is taken away in front (only with `--try-invocation-id`)",
    doc: 'docs/apis.md#what-of-this-holds-on-azure',
    of: 'platform',
    judge({ invocationId }) {
      if (invocationId === null) return unknown('It was not tried.', 'Try it once with --try-invocation-id.');
      if (invocationId.kind === 'answered' && invocationId.status === 200) return ok('It harms nothing.');
      const todo =
        'Have what stands in front take the header away: such requests hang, and fill the memory of instances.';
      return wrong('A request with one of its own is not answered.', todo);
    },
  },
];
