import type { IncomingMessage } from 'node:http';
import type { JWTPayload } from 'jose';
import { type Answer, failure } from './routes.ts';

/** What a token has to have met before this API shows sealed letters. */
const CONTEXT = 'c2';

const LETTERS = [
  { id: 'letter-1', subject: 'The rehearsal is at seven', from: 'quince@contoso.example' },
  { id: 'letter-2', subject: 'A part for you', from: 'bottom@contoso.example' },
];
const SEALED = [{ id: 'letter-3', subject: 'For your eyes only', from: 'puck@contoso.example' }];

/**
 * Answers a request to the mail API. It speaks as an API of Entra ID's continuous access evaluation: sealed letters take an
 * authentication context, which it asks for by a claims challenge.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function answerMail(request: IncomingMessage, path: string, claims: JWTPayload): Answer {
  switch (`${request.method} ${path}`) {
    case 'GET /letters':
      return { status: 200, body: { value: LETTERS } };
    case 'GET /letters/sealed':
      return [claims.acrs].flat().includes(CONTEXT) ? { status: 200, body: { value: SEALED } } : challenge();
    default:
      return failure(404, 'itemNotFound', 'The resource could not be found.');
  }
}

function challenge(): Answer {
  const wanted = JSON.stringify({ access_token: { acrs: { essential: true, value: CONTEXT } } });
  const claims = Buffer.from(wanted).toString('base64');
  return {
    ...failure(401, 'InvalidAuthenticationToken', 'This takes another proof.'),
    wwwAuthenticate: `Bearer realm="", error="insufficient_claims", claims="${claims}"`,
  };
}
