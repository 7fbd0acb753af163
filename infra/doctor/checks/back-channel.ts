import { type Check, ok, wrong } from '../finding.ts';
import { objectIn } from '../reply.ts';
import { describe, judgeAnswer } from './answered.ts';

const ROUTE = '/auth/backchannel-logout';

export const BACK_CHANNEL_CHECKS: readonly Check[] = [
  {
    id: 'back-channel',
    about: `\`${ROUTE}\` is there, and refuses what has no logout token; whether the OP announces that it calls it`,
    doc: 'docs/providers.md#any-other-auth_protocoloidc',
    of: 'web',
    judge: ({ origin, backChannel, metadata }) =>
      judgeAnswer(backChannel, (answer) => {
        if (answer.status !== 400 || objectIn(answer)?.error !== 'invalid_request') {
          const todo = `See what in front keeps ${ROUTE} from the application: the OP's server calls it, with no cookie and no Origin.`;
          return wrong(`It answers ${describe(answer)} to a request without a token.`, todo);
        }
        if (metadata?.document.backchannel_logout_supported === true) {
          return ok(`It is there; the OP calls it where ${origin}${ROUTE} is registered.`);
        }
        return ok('It is there; the OP does not announce that it calls anybody.');
      }),
  },
];
