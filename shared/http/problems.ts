import { API_PROBLEMS } from './problems/api.ts';
import { APPLICATION_PROBLEMS } from './problems/application.ts';
import { SERVICE_PROBLEMS } from './problems/services.ts';
import { SESSION_PROBLEMS } from './problems/session.ts';
import { SIGN_IN_PROBLEMS } from './problems/sign-in.ts';

export type { ProblemKind } from './problems/kind.ts';

/**
 * Every way in which a request can be refused, in one place: the status, what people are told, and what docs/errors.md says.
 *
 * @see RFC 9457
 */
export const PROBLEMS = {
  ...SIGN_IN_PROBLEMS,
  ...SESSION_PROBLEMS,
  ...API_PROBLEMS,
  ...SERVICE_PROBLEMS,
  ...APPLICATION_PROBLEMS,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
