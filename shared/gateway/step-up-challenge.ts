import { parseWwwAuthenticate } from '../http/www-authenticate.ts';
import type { Assurance } from '../oidc/assurance.ts';
import { parseMaxAge } from '../settings/step-up.ts';
import { unmetStepUp } from './step-up.ts';

const SCHEMES = ['bearer', 'dpop'];

/** What an API wants a person to have proved before it takes their token. */
export interface StepUpChallenge {
  /** One of these authentication contexts, the preferred one first; none where none is asked for. */
  readonly anyOf: readonly string[];
  readonly maxAgeSeconds: number | null;
}

/**
 * An `insufficient_user_authentication`. What asks for anything that we could not ask an OP for says nothing.
 *
 * @param known the authentication contexts that the API's own settings name: an answer must not have people asked for others
 * @see RFC 9470 section 3
 */
export function stepUpChallenge(
  wwwAuthenticate: string | readonly string[] | undefined,
  known: ReadonlySet<string>,
): StepUpChallenge | null {
  for (const { scheme, parameters } of parseWwwAuthenticate(wwwAuthenticate)) {
    if (!SCHEMES.includes(scheme) || parameters.get('error') !== 'insufficient_user_authentication') continue;
    const [acrValues, maxAge] = [parameters.get('acr_values'), parameters.get('max_age')];
    const anyOf = [...new Set(acrValues?.split(' '))].filter((acr) => known.has(acr));
    const maxAgeSeconds = maxAge === undefined ? null : parseMaxAge(maxAge);
    const understood =
      (acrValues === undefined || anyOf.length > 0) && (maxAge === undefined || maxAgeSeconds !== null);
    if (understood && (anyOf.length > 0 || maxAgeSeconds !== null)) return { anyOf, maxAgeSeconds };
  }
  return null;
}

/**
 * What of it a session's sign-in did not prove. Null where it proved all: another sign-in would prove no more, and the person
 * would be sent round for ever.
 */
export function unmetChallenge(
  { anyOf, maxAgeSeconds }: StepUpChallenge,
  assurance: Assurance,
  now: number,
): ReturnType<typeof unmetStepUp> {
  const acr = anyOf.find((each) => assurance.acrs?.includes(each)) ?? anyOf[0];
  return unmetStepUp({ acrs: acr === undefined ? [] : [acr], maxAgeSeconds }, assurance, now);
}
