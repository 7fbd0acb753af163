/** A way in which a request can be refused. Nothing in here, and nothing made of it, repeats what the request carried. */
export interface ProblemKind {
  readonly status: number;
  /** A few plain words. */
  readonly title: string;
  /** What happened, for whoever reads the answer. */
  readonly detail: string;
  /** What a person does. */
  readonly advice: string;
  /** Whether a page offers to sign in. */
  readonly helpsToSignIn?: true;
  /** When exactly. This and what follows is for docs/errors.md alone. */
  readonly when: string;
  /** What whoever wrote the calling program does. */
  readonly developer: string;
  /** What those who run this application do, where that is for them. */
  readonly operator?: string;
}
