import type { InRow } from './in-row.ts';

/** What became of one that was to be deleted. */
export type Deleted =
  | 'gone'
  /** Deleted, and kept by the storage account's soft delete: whoever may undelete can read it until its time is over. */
  | 'recoverable'
  /** Somebody has written it since it was read: it is left alone. */
  | 'changed';

/** Something stored that may be a cache. */
export interface Candidate {
  look(): Promise<InRow>;
  /** Only as it was when it was looked at. */
  delete(): Promise<Deleted>;
}

/** Where caches lie. */
export interface CacheStore {
  candidates(): AsyncIterable<Candidate>;
}

/** The service has refused: its status and its code, and nothing of what it was asked. */
export class StorageRefused extends Error {}

/** `fetch` of the storage service with what proves who asks. */
export type Ask = (
  url: URL,
  init: { readonly method: string; readonly headers: Record<string, string> },
) => Promise<Response>;

/** @throws StorageRefused for any status that is not expected */
export function expecting(response: Response, ...statuses: readonly number[]): Response {
  if (statuses.includes(response.status)) return response;
  throw new StorageRefused(`${response.status} ${response.headers.get('x-ms-error-code') ?? ''}`.trim());
}
