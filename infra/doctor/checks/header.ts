/** Whether a comma-separated header has a directive. */
export function hasDirective(header: string | undefined, directive: string): boolean {
  return (header ?? '').split(',').some((part) => part.trim().toLowerCase() === directive);
}

const SOURCE = /^[\w:/.*'[\]-]{1,200}$/;

/** The sources of a directive of a Content Security Policy; null where it has no such directive, and anybody may. */
export function sourcesOf(policy: string | undefined, directive: string): string[] | null {
  for (const part of (policy ?? '').split(';')) {
    const [name, ...sources] = part.trim().split(/\s+/);
    if (name?.toLowerCase() === directive) return sources.filter((source) => SOURCE.test(source));
  }
  return null;
}
