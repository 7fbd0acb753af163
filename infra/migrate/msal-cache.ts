const TOKENS = ['IdToken', 'AccessToken', 'RefreshToken'] as const;
const SECTIONS: readonly string[] = ['Account', ...TOKENS, 'AppMetadata'];

export type Recognised =
  /** `empty`: what `removeAccount` leaves behind, without a token. */
  'cache' | 'empty' | 'other';

/**
 * Whether a text is a cache that MSAL has serialised, by its shape alone: the sections that all MSAL libraries share, and in
 * each entry the members without which MSAL could not use it. Whatever has a section more, or an entry of another kind, is not.
 *
 * @see https://github.com/AzureAD/microsoft-authentication-library-for-js lib/msal-node/src/cache/serializer
 */
export function recognise(text: string): Recognised {
  const cache = parseObject(text);
  if (cache === null || !Object.keys(cache).every((name) => SECTIONS.includes(name))) return 'other';
  const { Account, AppMetadata = {} } = cache;
  const isCache =
    isSection(Account, ['home_account_id', 'environment']) &&
    isSection(AppMetadata, ['client_id', 'environment']) &&
    TOKENS.every((kind) => isSection(cache[kind], ['home_account_id', 'environment', 'client_id', 'secret'], kind));
  if (!isCache) return 'other';
  return TOKENS.every((kind) => Object.keys(cache[kind] as object).length === 0) ? 'empty' : 'cache';
}

function isSection(section: unknown, members: readonly string[], kind?: string): boolean {
  if (!isObject(section)) return false;
  return Object.values(section).every(
    (entry) =>
      isObject(entry) &&
      members.every((member) => typeof entry[member] === 'string') &&
      // A token that is bound to a key says so behind the kind's name.
      (kind === undefined || String(entry.credential_type).startsWith(kind)),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseObject(text: string): Record<string, unknown> | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
