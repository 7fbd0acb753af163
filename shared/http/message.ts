import type { ProblemCode } from './problems.ts';

/** What the domain sees of a request: the part of the Fetch standard that the Functions library's `HttpRequest` offers too. */
export interface IncomingRequest {
  /** This invocation's id, a UUID: what a problem document and the log have in common. */
  readonly id: string;
  /** What pages call this application; undefined while its settings are mistaken. */
  readonly applicationName: string | undefined;
  readonly method: string;
  readonly url: string;
  readonly headers: Pick<Headers, 'get' | 'has' | 'forEach'>;
  readonly body: ReadableStream | null;
}

export type AnswerBody = string | Uint8Array | AsyncIterable<Uint8Array> | null;

export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly Cookie[];
  readonly body: AnswerBody;
  /** Where it is a refusal, what the log says of it. */
  readonly refusal?: Refusal;
}

export interface Refusal {
  readonly code: ProblemCode;
  /** What the code leaves open; nothing that the request carried. */
  readonly reason?: string;
}

/** A cookie as this application sets it: host-only, over the whole origin, out of every script's reach. */
export interface Cookie {
  readonly name: `__Host-${string}`;
  readonly value: string;
  readonly sameSite: 'Lax' | 'None';
  /** Zero deletes it; null lives as long as the browser runs. */
  readonly maxAgeSeconds: number | null;
}

/** The value of a query parameter that may come once; `undefined` where it did not come, null where it came several times. */
export function single(parameters: URLSearchParams, name: string): string | null | undefined {
  const [value, ...more] = parameters.getAll(name);
  return more.length > 0 ? null : value;
}

/** The path's segments, still encoded. The Functions library's `params` will not do: a query parameter of the same name replaces one. */
export function segmentsOf(request: IncomingRequest): string[] {
  return new URL(request.url).pathname.split('/').slice(1);
}

export function queryOf(request: IncomingRequest): URLSearchParams {
  return new URL(request.url).searchParams;
}
