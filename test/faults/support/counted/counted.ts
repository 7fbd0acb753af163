import type { Counted } from './operation.ts';
import { SESSION_ENDS } from './session-ends.ts';
import { SIGN_INS } from './sign-ins.ts';
import { SIGN_OUTS } from './sign-outs.ts';
import { USES } from './uses.ts';

/** What the application does, and what of storage it takes. */
export const COUNTED: readonly Counted[] = [...USES, ...SIGN_INS, ...SIGN_OUTS, ...SESSION_ENDS];
