import type { Asked } from './asked.ts';

/** `wrong` is what keeps people out, lets somebody in, or leaves somebody signed in; `warn` what should be looked at; `unknown` what cannot be seen from outside. */
export type Verdict = 'ok' | 'warn' | 'wrong' | 'unknown';

/** What a check has found. */
export interface Finding {
  readonly verdict: Verdict;
  /** One sentence, the same as long as nothing has changed. */
  readonly says: string;
  /** What changes from one look to the next, such as a number of days. */
  readonly detail?: string;
  /** What to do. */
  readonly todo?: string;
}

export interface Check {
  readonly id: string;
  /** What it looks at: the sentence in `docs/doctor.md`. */
  readonly about: string;
  /** Where to read on, from the top of this repository. */
  readonly doc: string;
  /**
   * What it is a check of: of the `platform`, whatever the application says; of the `application`, once its settings are right; of its
   * `web` part, which a function app with `APPLICATION_PART=directory` has not.
   */
  readonly of: 'platform' | 'application' | 'web';
  judge(asked: Asked): Finding;
}

export const ok = (says: string, detail?: string): Finding => ({
  verdict: 'ok',
  says,
  ...(detail !== undefined && { detail }),
});
export const warn = (says: string, todo: string): Finding => ({ verdict: 'warn', says, todo });
export const wrong = (says: string, todo: string): Finding => ({ verdict: 'wrong', says, todo });
export const unknown = (says: string, todo?: string): Finding => ({
  verdict: 'unknown',
  says,
  ...(todo !== undefined && { todo }),
});
