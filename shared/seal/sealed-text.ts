/** Sealed bytes as they travel in a cookie. */
export function sealedText(sealed: Uint8Array): string {
  return Buffer.from(sealed).toString('base64url');
}

/**
 * The bytes of a sealed text; null for any other text, though a lenient decoder would make the same bytes of it: of one
 * sealed value there is one text, so that two texts are two values.
 *
 * @see RFC 4648 sections 3.3 and 3.5
 */
export function sealedBytes(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

/** What JSON holds; null for what is none. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
