/** What came back for one request; no redirect is followed. */
export interface Answered {
  readonly kind: 'answered';
  readonly url: string;
  readonly status: number;
  /** Lower-case names; several of one name with commas between them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookies: readonly string[];
  /** As much of the body as is read. */
  readonly text: string;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** When the certificate of the connection ends, milliseconds since the epoch; null over plain http. */
  readonly certificateEndsAt: number | null;
}

export interface Unanswered {
  readonly kind: 'unanswered';
  /** Node's or the system's code, such as `ECONNREFUSED`. */
  readonly code: string;
  /** In plain words, to be read behind "It cannot be reached: ". */
  readonly reason: string;
}

export type Reply = Answered | Unanswered;

/** The body as a JSON object; null where it is none. */
export function objectIn({ text }: Answered): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** The `code` of a refusal of Exeunt's own (RFC 9457); null for what is none. */
export function refusalIn(reply: Answered): string | null {
  const problem = objectIn(reply);
  const [, code] = /^urn:exeunt:problem:([a-z_]{1,60})$/.exec(String(problem?.type)) ?? [];
  return code ?? null;
}

/** Where a redirect leads, absolute; null for what is none. */
export function redirectIn({ status, headers, url }: Answered): URL | null {
  const { location } = headers;
  return status >= 300 && status < 400 && location !== undefined ? URL.parse(location, url) : null;
}
