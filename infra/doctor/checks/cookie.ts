/** A cookie as an answer sets it; never its value. */
export interface SetCookie {
  readonly name: string;
  /** Lower case, with values: `samesite=lax`. */
  readonly attributes: readonly string[];
}

export function parseSetCookie(line: string): SetCookie {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  return { name: pair.split('=')[0] ?? '', attributes: attributes.map((attribute) => attribute.toLowerCase()) };
}

/** What of a `__Host-` cookie's attributes is not as it has to be, in words. */
export function cookieFaults({ attributes }: SetCookie, sameSite: readonly string[]): string[] {
  const faults: string[] = [];
  for (const needed of ['secure', 'httponly', 'path=/']) {
    if (!attributes.includes(needed)) faults.push(`is without ${needed}`);
  }
  if (!sameSite.some((value) => attributes.includes(`samesite=${value}`))) {
    faults.push(`is not SameSite=${sameSite.join(' or ')}`);
  }
  if (attributes.some((attribute) => attribute.startsWith('domain='))) faults.push('has a Domain');
  return faults;
}
