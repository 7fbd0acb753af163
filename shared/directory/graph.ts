/** What the directory says of a user, of what concerns sessions. */
export interface DirectoryUser {
  readonly accountEnabled: boolean;
  /** `signInSessionsValidFromDateTime`: sessions that began before are revoked. Milliseconds since the epoch; null where there is none. */
  readonly sessionsValidFrom: number | null;
}

/** A subscription of this application, as Graph lists it: without its `clientState`. */
export interface Subscription {
  readonly id: string;
  /** As it was asked for, `users`; Graph may write it otherwise. */
  readonly resource: string;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
}

export interface NewSubscription {
  readonly changeType: 'updated,deleted';
  readonly resource: 'users';
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string;
  readonly clientState: string;
  readonly endsAt: number;
}

/** Graph, or whoever gives tokens for it, did not do what was asked. */
export interface GraphUnavailable {
  readonly outcome: 'graph-unavailable';
  /** For the log: a status or a kind of failure. */
  readonly reason: string;
  /** How long it asked to be left alone (`Retry-After`); zero where it did not say. */
  readonly retryAfterSeconds: number;
}

export type NotFound = { readonly outcome: 'not-found' };

/** The port to Microsoft Graph, as an application that may read users (`User.Read.All`). It never rejects. */
export interface Graph {
  user(oid: string): Promise<DirectoryUser | NotFound | GraphUnavailable>;
  /** Those that this application made, all pages of them. */
  subscriptions(): Promise<readonly Subscription[] | GraphUnavailable>;
  /** Returns when Graph has asked both URLs whether they want it, which is answered by another invocation of ours. */
  subscribe(subscription: NewSubscription): Promise<'done' | GraphUnavailable>;
  renew(id: string, endsAt: number): Promise<'done' | NotFound | GraphUnavailable>;
  reauthorize(id: string): Promise<'done' | NotFound | GraphUnavailable>;
  unsubscribe(id: string): Promise<'done' | NotFound | GraphUnavailable>;
}
