import { matchRoute, type ParameterSegment, type RouteSegment } from './route-template.ts';

export interface Route<F> {
  functionName: string;
  /** Upper case. */
  methods: ReadonlySet<string>;
  /** As declared, with the route prefix, for messages. */
  template: string;
  segments: readonly RouteSegment[];
  fn: F;
}

export interface RouteMatch<F> {
  route: Route<F>;
  values: Record<string, string>;
}

/**
 * Puts routes in the order in which the Functions host tries them: by function name, whatever the case. It knows no
 * precedence of literals over parameters, unlike ASP.NET Core elsewhere.
 *
 * @see https://github.com/Azure/azure-functions-host/issues/9876 and 3153; `FunctionMetadataManager.cs` (`OrderBy`)
 */
export function inHostOrder<F>(routes: readonly Route<F>[]): Route<F>[] {
  const key = (route: Route<F>) => route.functionName.toUpperCase();
  return routes.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/**
 * Finds the function for a request: the first route that takes both path and method. So a known path with another method
 * is simply no match, and ends as 404, never 405 (azure-functions-host issue 10098).
 *
 * @param routes in host order
 * @param path decoded, begins with a slash
 */
export function findRoute<F>(routes: readonly Route<F>[], method: string, path: string): RouteMatch<F> | undefined {
  for (const route of routes) {
    if (!route.methods.has(method)) continue;
    const values = matchRoute(route.segments, path);
    if (values) return { route, values };
  }
  return undefined;
}

/**
 * Finds pairs where a route is tried before a more specific one that it overlaps, so that the specific one is hidden,
 * wholly or in part, here and on Azure.
 *
 * @param routes in host order
 */
export function findHiddenRoutes<F>(routes: readonly Route<F>[]): { hidden: Route<F>; by: Route<F> }[] {
  return routes.flatMap((by, index) =>
    routes
      .slice(index + 1)
      .filter((hidden) => shareMethod(by, hidden) && hides(by.segments, hidden.segments))
      .map((hidden) => ({ hidden, by })),
  );
}

/** Whether the two routes answer at least one method in common. */
export function shareMethod(a: Route<unknown>, b: Route<unknown>): boolean {
  return [...a.methods].some((method) => b.methods.has(method));
}

/** Whether two templates overlap and the first is the less specific one where they first differ. */
function hides(by: readonly RouteSegment[], hidden: readonly RouteSegment[]): boolean {
  let lessSpecific: boolean | undefined;
  for (let index = 0; index < Math.max(by.length, hidden.length); index++) {
    const [a, b] = [by[index], hidden[index]];
    if (a && b && !overlap(a, b)) return false;
    if (!a && !isSkippable(b)) return false;
    if (!b && !isSkippable(a)) return false;
    if (rank(a) !== rank(b)) lessSpecific ??= rank(a) > rank(b);
    if (a?.kind === 'catchAll' || b?.kind === 'catchAll') break;
  }
  return lessSpecific ?? false;
}

function overlap(a: RouteSegment, b: RouteSegment): boolean {
  if (a.kind === 'literal' && b.kind === 'literal') return a.text.toLowerCase() === b.text.toLowerCase();
  if (a.kind === 'literal') return takes(b as ParameterSegment, a.text);
  return b.kind === 'literal' ? takes(a, b.text) : true;
}

const takes = (parameter: ParameterSegment, text: string) => parameter.constraints.every((accept) => accept(text));

const isSkippable = (segment: RouteSegment | undefined) =>
  segment !== undefined && segment.kind !== 'literal' && (segment.optional || segment.kind === 'catchAll');

/** ASP.NET Core's inbound precedence digit of a segment: the smaller, the more specific. */
function rank(segment: RouteSegment | undefined): number {
  if (!segment) return 0;
  if (segment.kind === 'literal') return 1;
  return (segment.kind === 'catchAll' ? 5 : 3) - (segment.constraints.length > 0 ? 1 : 0);
}
