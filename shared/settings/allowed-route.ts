import { normalisePath } from './path.ts';
import type { Refuse, Schema } from './schema.ts';
import type { AllowedRoute } from './settings.ts';
import { fromText } from './text-schema.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** A route as settings write it: a method or `*`, a space and a path pattern. */
export const allowedRoute: Schema<AllowedRoute> = fromText((text, refuse) => {
  const [, method = '', pattern = ''] = /^(\S+) +(\S+)$/.exec(text) ?? [];
  if (method === '') refuse('must be a method, a space and a path pattern');
  else {
    if (method !== '*' && !METHODS.includes(method)) refuse(`must begin with * or one of ${METHODS.join(', ')}`);
    refuseBadPattern(pattern, refuse);
  }
  return { method, pattern };
});

/** A pattern goes by the rules for paths, which leave `*` alone: one that breaks them could never match. */
function refuseBadPattern(pattern: string, refuse: Refuse): void {
  if (!pattern.startsWith('/')) refuse('must have a path pattern that begins with /');
  else if (!normalisePath(pattern).ok) {
    refuse('must have a path pattern without empty segments, dot segments, ?, #, ;, encoded slashes and bad encodings');
  }
  pattern.split('/').forEach((segment, index, { length }) => {
    if (segment === '**' && index < length - 1) refuse('may have ** only as the last segment of its path pattern');
    else if (segment.includes('*') && !/^\*\*?$/.test(segment))
      refuse('may have * only as a whole segment of its path pattern');
  });
}
