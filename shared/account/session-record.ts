import { hash, timingSafeEqual } from 'node:crypto';

/** 16 bytes in lower-case hex: unguessable, and a legal part of a property name. */
export type SessionId = string & { readonly brand: 'SessionId' };

const SESSION_ID = /^[0-9a-f]{32}$/;
/** SHA-256 in base64url. */
const SECRET_HASH = /^[A-Za-z0-9_-]{43}$/;
/** What a `Date` holds. */
const TIME_MAX = 8.64e15;
const SESSION_RECORD_BYTES_MAX = 1_400;
const NAME_CHARACTERS_MAX = 128;

/** What is stored, sealed, of one session: property `s_{id}` of its account. All times are milliseconds since the epoch. */
export interface SessionRecord {
  /** SHA-256 of the secret that only the cookie holds, base64url: a stolen table opens no session. */
  readonly secretHash: string;
  /** The OP session's id, where the OP gives one. */
  readonly sid: string | null;
  /** When the sign-in attempt set out: what a sign-out's time is compared with. */
  readonly startedAt: number;
  readonly signedInAt: number;
  readonly lastUsedAt: number;
  /** The absolute end. */
  readonly endsAt: number;
  readonly device: string;
  readonly homeAccountId: string;
  readonly user: SessionUser;
  /** When the person had last proved who they are, by the ID token of this very sign-in; missing: not known. No later token adds to it. */
  readonly authTime?: number;
  /** The authentication contexts that it met, likewise. */
  readonly acrs?: readonly string[];
  /** The sessions of this account whose place it took, and when: a sign-out by one of their cookies that came in before means this one. */
  readonly replaced?: { readonly ids: readonly SessionId[]; readonly at: number };
}

/** The claims that a session needs, no more. */
export interface SessionUser {
  readonly name: string | null;
  readonly username: string | null;
  /** Entra ID's `login_hint` claim: what `logout_hint` takes. */
  readonly loginHint: string | null;
}

export function parseSessionId(value: string): SessionId | null {
  return SESSION_ID.test(value) ? (value as SessionId) : null;
}

export function makeSessionId(randomBytes: (count: number) => Uint8Array): SessionId {
  return Buffer.from(randomBytes(16)).toString('hex') as SessionId;
}

export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** Compares in constant time. */
export function secretMatches(record: SessionRecord, secret: string): boolean {
  return timingSafeEqual(Buffer.from(record.secretHash), Buffer.from(hashSecret(secret)));
}

/** Whether it took that session's place: a sign-out by the cookie of the one may mean the other. */
export function tookPlaceOf(record: SessionRecord | null, id: SessionId): boolean {
  return record?.replaced?.ids.includes(id) === true;
}

/** Whether the session is within its idle and its absolute end. */
export function isAlive(record: SessionRecord, now: number, idleMinutes: number): boolean {
  return now < record.endsAt && now < idleEnd(record, idleMinutes);
}

export function idleEnd(record: SessionRecord, idleMinutes: number): number {
  return Math.min(record.endsAt, record.lastUsedAt + idleMinutes * 60_000);
}

/** As JSON of at most 1.4 KB, so that the sealed property stays under 1.5 KB: what is only for display gives way first. */
export function encodeSessionRecord(record: SessionRecord): Uint8Array {
  const bytes = fitted(record);
  if (bytes === null)
    throw new RangeError('a session record does not fit its property even without the claims for display');
  return bytes;
}

/** Whether a record fits its property: an account id beyond all that OPs are known to give does not. */
export function fitsSessionProperty(record: SessionRecord): boolean {
  return fitted(record) !== null;
}

function fitted(record: SessionRecord): Uint8Array | null {
  const { user } = record;
  const candidates: SessionUser[] = [
    { ...user, name: user.name?.slice(0, NAME_CHARACTERS_MAX) ?? null },
    { ...user, name: null },
    { ...user, name: null, loginHint: null },
    { ...user, name: null, loginHint: null, username: null },
  ];
  for (const candidate of candidates) {
    const bytes = Buffer.from(JSON.stringify({ ...record, user: candidate }));
    if (bytes.length <= SESSION_RECORD_BYTES_MAX) return bytes;
  }
  return null;
}

/** Null where the bytes, though sealed here, are not a session record. */
export function decodeSessionRecord(bytes: Uint8Array): SessionRecord | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return isSessionRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** Other members may be there, which a later version has added. */
function isSessionRecord(value: unknown): value is SessionRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Partial<Record<keyof SessionRecord, unknown>>;
  const times = [record.startedAt, record.signedInAt, record.lastUsedAt, record.endsAt];
  return (
    times.every((time) => Number.isSafeInteger(time) && Math.abs(time as number) <= TIME_MAX) &&
    typeof record.secretHash === 'string' &&
    SECRET_HASH.test(record.secretHash) &&
    isTextOrNull(record.sid) &&
    typeof record.device === 'string' &&
    typeof record.homeAccountId === 'string' &&
    isSessionUser(record.user) &&
    (record.authTime === undefined || Number.isSafeInteger(record.authTime)) &&
    (record.acrs === undefined || isTexts(record.acrs)) &&
    (record.replaced === undefined || isReplaced(record.replaced))
  );
}

function isSessionUser(value: unknown): value is SessionUser {
  if (typeof value !== 'object' || value === null) return false;
  const { name, username, loginHint } = value as Partial<Record<keyof SessionUser, unknown>>;
  return [name, username, loginHint].every(isTextOrNull);
}

function isReplaced(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { ids, at } = value as { readonly ids?: unknown; readonly at?: unknown };
  return isTexts(ids) && Number.isSafeInteger(at);
}

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string');
const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';
