import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Keys for `SESSION_KEYS`: new at each start, but kept beside the tables where those are kept, or nobody could open them. */
export async function sessionKeysFor(folder: string | null): Promise<string> {
  if (folder === null) return newKeys();
  const file = join(folder, 'session-keys');
  try {
    return await readFile(file, 'utf8');
  } catch {
    const keys = newKeys();
    await mkdir(folder, { recursive: true });
    await writeFile(file, keys, { mode: 0o600 });
    return keys;
  }
}

function newKeys(): string {
  return `local:${randomBytes(32).toString('base64')}`;
}
