/** The client module of an Exeunt application, served by it at `/exeunt.js`. It holds no token, and there is none to hold. */

/** Who is signed in, as `GET /auth/session` says it. All times are in ISO 8601. */
export interface Session {
  readonly user: { readonly name: string | null; readonly username: string | null };
  readonly session: {
    readonly id: string;
    readonly signedInAt: string;
    readonly lastUsedAt: string;
    readonly idleEndsAt: string;
    readonly endsAt: string;
    readonly device: string;
  };
}

export interface SignInOptions {
  /** A path of this application; by default where the person is now. */
  readonly returnTo?: string;
  readonly prompt?: 'login' | 'select_account' | 'consent' | 'none' | 'create';
  readonly loginHint?: string;
  readonly domainHint?: string;
  /** The downstream API whose scopes are asked for too. */
  readonly api?: string;
  /** A claims challenge, as JSON. */
  readonly claims?: string;
  /** Authentication contexts that the sign-in has to meet, with spaces between them: some that an API's routes ask for. */
  readonly acrs?: string;
  /** How many seconds ago the person may have proved who they are. */
  readonly maxAge?: number;
}

export interface CallInit extends RequestInit {
  /** Whether an API that wants consent, or another proof of who is there, leads to a sign-in at once; by default it does. */
  readonly signIn?: boolean;
}

export interface Watching {
  /**
   * Called at once when another tab says that it signs out, or a call finds no session, before anybody has asked whether it
   * is so. A page that nobody looks at can take off the screen what is private, and ask `session()` when it is looked at.
   */
  readonly onDoubt?: () => void;
}

/**
 * Asks who is signed in. The answer is never older than the last that this page heard from another tab. It does not count as
 * use: a session that nobody uses ends all the same.
 *
 * @returns null where nobody is
 * @throws where the application cannot say: no network, or 5xx
 */
export function session(): Promise<Session | null>;

/** Leaves for the sign-in. */
export function signIn(options?: SignInOptions): void;

/** Signs out and leaves for the OP's sign-out. `scope`: this OP session alone, or the account everywhere; by default as the application is set. */
export function signOut(options?: { readonly scope?: 'session' | 'account' }): void;

/**
 * Calls the downstream API `name` at `path`, which begins with `/` and may have a query. Gives what the API answers; where it
 * wants a sign-in of its own (consent, a step-up, a claims challenge) the page also leaves for it, once a minute at most for the same one.
 *
 * @throws TypeError where the path leads out of that API, or there is no answer
 */
export function call(name: string, path: string, init?: CallInit): Promise<Response>;

/**
 * Tells when a session that this page knew is over: ended here, in another tab, in another application or on another device, or
 * followed by another. Other tabs of this browser are heard at once, all else is found at the next focus, return to the
 * page, or call, and by checks that become rarer the longer nothing happens; a hidden page asks nothing.
 *
 * @param listener is given the session that followed, where one did: somebody else's, or one for which the same person signed
 *   in anew
 * @returns what stops it
 */
export function onSignedOut(listener: (next: Session | null) => void, watching?: Watching): () => void;
