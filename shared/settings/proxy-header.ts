import type { Schema } from './schema.ts';
import type { ProxySettings } from './settings.ts';
import { fromText } from './text-schema.ts';

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const VISIBLE = /^[\x21-\x7e]+$/;
/** Anybody can send a header; what proves something by it cannot be guessed. */
const VALUE_CHARACTERS_MIN = 32;
/** What every browser can be made to send, or every client does. */
const NO_PROOF = ['host', 'x-forwarded-host', 'x-forwarded-for', 'x-forwarded-proto', 'cookie', 'origin', 'x-csrf'];

/** A header by which a proxy proves itself: `X-Azure-FDID: 1111…`. */
export const proxyHeader: Schema<ProxySettings> = fromText((text, refuse) => {
  const at = text.indexOf(':');
  const header = text.slice(0, Math.max(at, 0)).trim().toLowerCase();
  const value = text.slice(at + 1).trim();
  if (!TOKEN.test(header)) refuse('must be a header, as name: value');
  else if (NO_PROOF.includes(header)) refuse('names a header that anybody sends');
  if (!VISIBLE.test(value) || value.length < VALUE_CHARACTERS_MIN) {
    refuse(`must have a value of at least ${VALUE_CHARACTERS_MIN} visible characters without spaces`);
  }
  return { header, value };
});
