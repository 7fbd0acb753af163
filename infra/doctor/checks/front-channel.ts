import type { Asked } from '../asked.ts';
import { type Check, type Finding, ok, unknown, warn, wrong } from '../finding.ts';
import { type Answered, redirectIn, refusalIn } from '../reply.ts';
import { describe, judgeAnswer } from './answered.ts';
import { hasDirective, sourcesOf } from './header.ts';

const ROUTE = '/auth/signout-callback';

export const FRONT_CHANNEL_CHECKS: readonly Check[] = [
  {
    id: 'front-channel',
    about: `\`${ROUTE}\` answers 200, is never stored, and may be framed by the OP and by nobody else`,
    doc: 'docs/doctor.md#front-channel',
    of: 'web',
    judge: judgeFrame,
  },
  {
    id: 'front-channel-sid',
    about:
      'a `sid` that nobody has is answered just as well: so the application can write its storage too (a tombstone, for 15 minutes)',
    doc: 'docs/storage.md#sids-which-account-a-sign-out-means-and-which-sign-ins-it-refuses',
    of: 'web',
    judge: ({ frontChannel, frontChannelStranger }) =>
      judgeAnswer(frontChannelStranger, (answer) => {
        const refusal = refusalIn(answer);
        if (refusal === 'signout_queued' || refusal === 'signout_unfinished') {
          const todo =
            "Give the app's identity Storage Table Data Contributor on the tables, not Reader; see the storage account.";
          return wrong(`A sign-out of nobody cannot be carried out (${refusal}): storage cannot be written.`, todo);
        }
        if (frontChannel.kind !== 'answered' || frontChannel.status !== 200) return unknown('See `front-channel`.');
        if (sameToSee(frontChannel, answer)) return ok('Whoever it names, the answer is the same.');
        const todo = 'See what in front changes answers by their query.';
        return wrong(`It answers ${describe(answer)}, and otherwise than without a \`sid\`.`, todo);
      }),
  },
  {
    id: 'front-channel-iss',
    about: "another issuer's `iss` is refused",
    doc: 'docs/conformance.md',
    of: 'web',
    judge: ({ frontChannelForeign }) =>
      judgeAnswer(frontChannelForeign, (answer) =>
        answer.status === 400
          ? ok('It is refused.')
          : wrong(`It answers ${describe(answer)}.`, 'See whether what stands in front takes the query away.'),
      ),
  },
];

function judgeFrame({ frontChannel, signin }: Asked): Finding {
  return judgeAnswer(frontChannel, (answer) => {
    if (answer.status !== 200) {
      return wrong(
        `It answers ${describe(answer)}.`,
        `See what in front keeps ${ROUTE} from the application: the OP calls it without a cookie.`,
      );
    }
    const { headers } = answer;
    if (headers['x-frame-options'] !== undefined) {
      return wrong(
        'It carries X-Frame-Options: no browser shows it in the iframe of the OP.',
        `Have what stands in front not add it to ${ROUTE}.`,
      );
    }
    if (!hasDirective(headers['cache-control'], 'no-store')) {
      return wrong(
        'It may be stored: a sign-out could be answered by a cache.',
        'Have what stands in front leave `Cache-Control` as it is.',
      );
    }
    const framers = sourcesOf(headers['content-security-policy'], 'frame-ancestors');
    const todo = 'Have what stands in front leave `Content-Security-Policy` as it is.';
    if (framers === null || framers.includes('*')) return warn('Anybody may frame it.', todo);
    const op = signin.kind === 'answered' ? redirectIn(signin)?.origin : undefined;
    if (op !== undefined && !framers.includes(op)) {
      return wrong(`The OP (${op}) may not frame it: a sign-out elsewhere ends nothing here.`, todo);
    }
    return ok(`It is there, for ${framers.join(' ')} to frame.`);
  });
}

/** As far as somebody in front of a browser, or the OP, can tell. */
function sameToSee(one: Answered, other: Answered): boolean {
  const shown = ({ status, text, headers }: Answered): string =>
    JSON.stringify([status, text, headers['content-security-policy'], headers['cache-control']]);
  return shown(one) === shown(other);
}
