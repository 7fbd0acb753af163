import type { Reply } from './reply.ts';

/** The OP's discovery document, and where it was found. */
export interface Found {
  readonly url: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** All that was asked of an application and its OP at one look: what the checks judge. Null is what was not asked. */
export interface Asked {
  /** As it was given. */
  readonly origin: string;
  /** When, milliseconds since the epoch. */
  readonly at: number;
  /** `GET /health` */
  readonly alive: Reply;
  /** `GET /health/ready` */
  readonly ready: Reply;
  /** `GET /auth/session`, with no cookie */
  readonly session: Reply;
  /** `GET /auth/signin?prompt=none` */
  readonly signin: Reply;
  /** `GET /auth/signed-out`, a page to whoever asks */
  readonly page: Reply;
  /** `GET /auth/signout-callback`, without anything, with a `sid` that nobody has, with another issuer's `iss` */
  readonly frontChannel: Reply;
  readonly frontChannelStranger: Reply;
  readonly frontChannelForeign: Reply;
  /** `POST /auth/backchannel-logout`, without a token */
  readonly backChannel: Reply;
  /** `GET /operator/accounts/doctor`, without a token */
  readonly operator: Reply;
  /** A call of an API without `x-csrf`, and with it */
  readonly bareCall: Reply;
  readonly call: Reply | null;
  /** `GET /.auth/me`, which is EasyAuth's */
  readonly easyAuth: Reply;
  /** The same host by plain http */
  readonly plainHttp: Reply | null;
  /** `GET /health` with an `x-ms-invocation-id` */
  readonly invocationId: Reply | null;
  /** Where the sign-in leads, opened once */
  readonly authorize: Reply | null;
  readonly metadata: Found | null;
  readonly metadataReply: Reply | null;
  readonly keys: Reply | null;
  /** The OP's `end_session_endpoint`, told to return to us */
  readonly endSession: Reply | null;
}

/** Those that the application answers, by the names above. */
export const APP_REPLIES = [
  'alive',
  'ready',
  'session',
  'signin',
  'page',
  'frontChannel',
  'frontChannelStranger',
  'frontChannelForeign',
  'backChannel',
  'operator',
  'bareCall',
  'call',
] as const;
