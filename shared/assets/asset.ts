import { createHash } from 'node:crypto';

/** A file that is the same for everybody. */
export interface Asset {
  readonly contentType: string;
  readonly body: string;
  /** A strong validator, quoted (RFC 9110 section 8.8.3). */
  readonly etag: string;
}

export function makeAsset(contentType: string, body: string): Asset {
  return { contentType, body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
}
