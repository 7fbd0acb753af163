import { single } from '../http/message.ts';

/** The authorization response (RFC 6749 section 4.1.2), not yet believed. */
export interface CallbackParameters {
  readonly state: string;
  readonly code: string | null;
  readonly error: string | null;
  /** RFC 9207. */
  readonly iss: string | null;
  /** At Entra ID the same value as `sid`; it comes even where the optional claim is not configured. */
  readonly sessionState: string | null;
}

const VALUE_CHARACTERS_MAX = 8_192;

/** Null where a parameter came twice, is huge, or neither a code nor an error is there: no OP answers so. */
export function parseCallback(parameters: URLSearchParams): CallbackParameters | null {
  const values = ['state', 'code', 'error', 'iss', 'session_state'].map((name) => single(parameters, name));
  if (values.some((value) => value === null || (value?.length ?? 0) > VALUE_CHARACTERS_MAX)) return null;
  const [state, code = null, error = null, iss = null, sessionState = null] = values;
  if (!state || (code === null) === (error === null)) return null;
  return { state, code, error, iss, sessionState };
}
