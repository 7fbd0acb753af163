import { describe, expect, it } from '@jest/globals';
import { findHiddenRoutes, findRoute, inHostOrder, type Route } from '../../../local/host/route-table.ts';
import { matchRoute, parseRouteTemplate } from '../../../local/host/route-template.ts';

const match = (template: string, path: string) => matchRoute(parseRouteTemplate(template), path);

const routesOf = (routes: Record<string, string>, method = 'GET'): Route<null>[] =>
  inHostOrder(
    Object.entries(routes).map(([functionName, template]) => ({
      functionName,
      template,
      methods: new Set([method]),
      segments: parseRouteTemplate(template),
      fn: null,
    })),
  );

describe('a route template', () => {
  it.each([
    ['auth/session', '/auth/session', {}],
    ['auth/session', '/AUTH/Session', {}],
    ['auth/session', '/auth/session/', {}],
    ['auth/sessions/{id}', '/auth/sessions/a b', { id: 'a b' }],
    ['api/{name}/{*path}', '/api/graph/me/photo', { name: 'graph', path: 'me/photo' }],
    ['api/{name}/{*path}', '/api/graph', { name: 'graph' }],
    ['api/{name}/{*path}', '/api/graph/', { name: 'graph' }],
    ['api/{name}/{*path}', '/api/graph/a//b/', { name: 'graph', path: 'a//b/' }],
    ['list/{page?}', '/list', {}],
    ['list/{page:int?}', '/list', {}],
    ['list/{page:int?}', '/list/12', { page: '12' }],
    ['{ignored:maxlength(0)?}', '/', {}],
    ['{*all}', '/', {}],
    ['/leading', '/leading', {}],
    ['x/{id:guid}', '/x/9245fe4a-d402-451c-b9ed-9c1a04247482', { id: '9245fe4a-d402-451c-b9ed-9c1a04247482' }],
    ['x/{*rest:length(3,5)}', '/x/a/b', { rest: 'a/b' }],
    ['x/{n:range(1,9):int}', '/x/9', { n: '9' }],
  ])('%s takes %s', (template, path, values) => {
    expect(match(template, path)).toEqual(values);
  });

  it.each([
    ['auth/session', '/auth'],
    ['auth/session', '/auth/session/more'],
    ['auth/session', '//auth/session'],
    ['auth/session', '/auth//session'],
    ['auth/sessions/{id}', '/auth/sessions'],
    ['auth/sessions/{id}', '/auth/sessions/'],
    ['{a}/{b}', '/a//'],
    ['list/{page:int?}', '/list/first'],
    ['{ignored:maxlength(0)?}', '/anything'],
    ['x/{n:int}', '/x/2147483648'],
    ['x/{a:alpha}', '/x/a1'],
    ['x/{n:range(1,9)}', '/x/10'],
    ['x/{*rest:minlength(1)}', '/x'],
  ])('%s does not take %s', (template, path) => {
    expect(match(template, path)).toBeUndefined();
  });

  it.each([
    ['a//b', 'empty segment'],
    ['{*rest}/b', 'must come last'],
    ['{id}/{ID}', 'names a parameter twice'],
    ['{id', 'is not a segment that this host knows'],
    ['file.{ext}', 'is not a segment that this host knows'],
    ['{x=5}', 'is not a segment that this host knows'],
    ['{x:nonsense}', 'route constraint "nonsense" is not known'],
    ['{x:maxlength}', 'route constraint "maxlength" is not known'],
    ['{x:int(3)}', 'route constraint "int(3)" is not known'],
  ])('%s is refused: %s', (template, reason) => {
    expect(() => parseRouteTemplate(template)).toThrow(reason);
  });
});

describe('several routes', () => {
  it('are tried by function name, as the Functions host does, not by how specific they are', () => {
    const routes = routesOf({ list: 'items/recent', get: 'items/{id}' });
    expect(findRoute(routes, 'GET', '/items/recent')?.route.functionName).toBe('get');
    const renamed = routesOf({ list: 'items/recent', z: 'items/{id}' });
    expect(findRoute(renamed, 'GET', '/items/recent')?.route.functionName).toBe('list');
  });

  it('are ordered whatever the case of the names', () => {
    expect(routesOf({ b: 'b', A: 'a', C: 'c' }).map((route) => route.functionName)).toEqual(['A', 'b', 'C']);
  });

  it('that take the path but not the method are passed over', () => {
    const routes = [...routesOf({ a: 'x' }, 'GET'), ...routesOf({ b: 'x' }, 'POST')];
    expect(findRoute(routes, 'POST', '/x')?.route.functionName).toBe('b');
    expect(findRoute(routes, 'PUT', '/x')).toBeUndefined();
  });

  it.each([
    [{ a: 'items/{id}', b: 'items/recent' }],
    [{ a: '{*all}', b: 'x/y' }],
    [{ a: 'x/{id}', b: 'x/{id:int}' }],
    [{ a: 'x/{id?}', b: 'x' }],
    [{ a: 'x/{action?}/{id?}', b: 'x/{id?}/products' }],
  ])('of which the first hides the second are named: %j', (routes) => {
    const [found] = findHiddenRoutes(routesOf(routes as Record<string, string>));
    expect([found?.hidden.functionName, found?.by.functionName]).toEqual(['b', 'a']);
  });

  it.each([
    [{ a: 'items/recent', b: 'items/{id}' }],
    [{ a: 'items/{id:int}', b: 'items/recent' }],
    [{ a: 'x/{id}', b: 'x/{id}/y' }],
    [{ a: 'health', b: 'health/ready' }],
    [{ a: '{ignored:maxlength(0)?}', b: 'health' }],
  ])('that do not get in each other’s way are not: %j', (routes) => {
    expect(findHiddenRoutes(routesOf(routes as Record<string, string>))).toEqual([]);
  });
});
