/** Why something broke, in a word for the log: an error's code or name, and nothing of its message, which may repeat what came. */
export function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : 'unknown';
}
