import { parseSettings } from '../../../shared/settings/parse.ts';
import type { Settings } from '../../../shared/settings/settings.ts';

export const TENANT = '11111111-2222-3333-4444-555555555555';

/** A session key that is made of one byte: right, and of no use to anyone. */
export const keyOf = (byte: number): string => Buffer.alloc(32, byte).toString('base64');

/** No more than what has to be set. */
export const LEAST = {
  PUBLIC_ORIGIN: 'https://app.contoso.com',
  AUTH_AUTHORITY: `https://login.microsoftonline.com/${TENANT}`,
  AUTH_CLIENT_ID: 'contoso',
  AUTH_CLIENT_SECRET: 'a-secret',
  TABLES_CONNECTION_STRING: 'UseDevelopmentStorage=true',
  SESSION_KEYS: `k1:${keyOf(1)}`,
} as const;

type Environment = Record<string, string | undefined>;

/** The settings that the least environment gives with these changes; fails where there is a mistake. */
export function settingsWith(changes: Environment = {}): Settings {
  const parsed = parseSettings({ ...LEAST, ...changes });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.mistakes));
  return parsed.value;
}

/** Each mistake's setting and problem, in the order in which they are named. */
export function problemsWith(changes: Environment): Record<string, string> {
  const parsed = parseSettings({ ...LEAST, ...changes });
  return parsed.ok ? {} : Object.fromEntries(parsed.mistakes.map(({ setting, problem }) => [setting, problem]));
}
