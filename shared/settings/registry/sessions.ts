import { instant } from '../instant.ts';
import { NOT_BEFORE_EXAMPLE } from '../not-before-mistake.ts';
import { oneOf, wholeNumber } from '../text-schema.ts';
import type { SettingDefinition } from './definition.ts';

export const SESSION_MINUTES_MAX = 43_200;
const minutes = wholeNumber(1, SESSION_MINUTES_MAX);

/** How long a session lasts, and what a sign-out ends. */
export const SESSION_SETTINGS = {
  SESSION_IDLE_MINUTES: {
    meaning: 'A session ends when it was not used for so long; never more than `SESSION_ABSOLUTE_MINUTES`.',
    example: '60',
    required: 'no',
    default: '60',
    schema: minutes,
  },
  SESSION_ABSOLUTE_MINUTES: {
    meaning: 'A session ends so long after its sign-in, used or not.',
    example: '720',
    required: 'no',
    default: '720',
    schema: minutes,
  },
  SESSION_REVALIDATE_MINUTES: {
    meaning:
      'A session in use is confirmed at the OP, by a refresh, at least this often: a disabled or revoked user is out by then.',
    example: '60',
    required: 'no',
    default: '60',
    schema: minutes,
  },
  SESSIONS_NOT_BEFORE: {
    meaning:
      'An instant in UTC: sessions whose sign-in set out before it are refused, and leave storage with their tokens ([when](docs/scale.md#loss-of-a-zone-loss-of-a-region)).',
    example: NOT_BEFORE_EXAMPLE,
    required: 'no',
    schema: instant,
  },
  SIGNOUT_SCOPE: {
    meaning: "What a sign-out ends: the `account` everywhere, or the sessions of the OP's `session` alone.",
    example: 'account',
    required: 'no',
    default: 'account',
    schema: oneOf('account', 'session'),
  },
  SIGNOUT_SCOPE_REMOTE: {
    meaning:
      'The same for a sign-out that the OP tells of (front-channel and back-channel), and for one session that a security event names. Entra ID writes the `sid` into every access token and log; who reads one there can end what it names: by `session` that is one device, not all.',
    example: 'account',
    required: 'no',
    otherwise: 'as `SIGNOUT_SCOPE`',
    schema: oneOf('account', 'session'),
  },
  SIGNOUT_HINT: {
    meaning:
      "How the OP is told who leaves, so that it asks nobody: by the `login_hint` claim in the address, or by the `id_token` in a form (the standard's `id_token_hint`).",
    example: 'login_hint',
    required: 'no',
    default: 'login_hint',
    schema: oneOf('login_hint', 'id_token'),
  },
} as const satisfies Record<string, SettingDefinition>;
