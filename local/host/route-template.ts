import { HostError } from './host-error.ts';
import { parseRouteConstraint, type RouteConstraint } from './route-constraint.ts';

export interface LiteralSegment {
  kind: 'literal';
  text: string;
}

export interface ParameterSegment {
  kind: 'parameter' | 'catchAll';
  name: string;
  optional: boolean;
  constraints: RouteConstraint[];
}

export type RouteSegment = LiteralSegment | ParameterSegment;

const PARAMETER = /^\{(\*{0,2})([^*:?={}]+)((?::[^:?{}]+)*)(\?)?\}$/;

/**
 * Parses an ASP.NET Core route template: literals, `{x}`, `{x?}`, `{x:int}`, `{*path}`.
 *
 * @param template without a leading slash (one is stripped, as ASP.NET does)
 * @throws HostError for what ASP.NET refuses, and for what this host does not imitate (defaults, several parts in a segment)
 * @see https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates
 */
export function parseRouteTemplate(template: string): RouteSegment[] {
  const path = template.replace(/^~?\//, '').replace(/\/$/, '');
  if (path === '') return [];
  const segments = path.split('/').map((text) => parseSegment(text, template));
  const parameters = segments.filter((segment) => segment.kind !== 'literal');
  const names = new Set(parameters.map((parameter) => parameter.name.toLowerCase()));
  if (names.size < parameters.length) throw new HostError(`route "${template}" names a parameter twice`);
  if (segments.slice(0, -1).some((segment) => segment.kind === 'catchAll')) {
    throw new HostError(`route "${template}": a catch-all parameter must come last`);
  }
  return segments;
}

function parseSegment(text: string, template: string): RouteSegment {
  if (text === '') throw new HostError(`route "${template}" has an empty segment`);
  if (!/[{}?]/.test(text)) return { kind: 'literal', text };
  const match = PARAMETER.exec(text);
  const [, stars, name, constraints] = match ?? [];
  if (!name) throw new HostError(`route "${template}": "${text}" is not a segment that this host knows`);
  return {
    kind: stars ? 'catchAll' : 'parameter',
    name,
    optional: match?.[4] === '?',
    constraints: (constraints ?? '').split(':').slice(1).map(parseRouteConstraint),
  };
}

/**
 * Matches a path against a template.
 *
 * @param path begins with a slash; percent-decoded as the web server does it (all but `%2F`)
 * @returns the route values (a parameter that the path leaves out has none), or undefined if the path does not match
 */
export function matchRoute(segments: readonly RouteSegment[], path: string): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  let rest: string | undefined = path === '/' ? undefined : path.slice(1);
  for (const segment of segments) {
    if (segment.kind === 'catchAll') {
      if (!accepts(segment, rest || undefined)) return undefined;
      if (rest) values[segment.name] = rest;
      return values;
    }
    const slash: number = rest === undefined ? -1 : rest.indexOf('/');
    const part: string | undefined = slash < 0 ? rest : rest?.slice(0, slash);
    const after: string | undefined = slash < 0 ? undefined : rest?.slice(slash + 1);
    rest = after === '' ? undefined : after;
    if (part === '') return undefined;
    if (segment.kind === 'literal') {
      if (part?.toLowerCase() !== segment.text.toLowerCase()) return undefined;
      continue;
    }
    if (!accepts(segment, part)) return undefined;
    if (part !== undefined) values[segment.name] = part;
  }
  return rest === undefined ? values : undefined;
}

/** Whether a parameter may have this value. `undefined`: the path has no such segment. */
function accepts(parameter: ParameterSegment, value: string | undefined): boolean {
  if (value === undefined && parameter.optional) return true;
  if (value === undefined && parameter.kind === 'parameter') return false;
  return parameter.constraints.every((constraint) => value !== undefined && constraint(value));
}
