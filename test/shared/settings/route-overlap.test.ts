import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchRoute } from '../../../shared/gateway/allow.ts';
import { overlap } from '../../../shared/settings/route-overlap.ts';
import type { AllowedRoute } from '../../../shared/settings/settings.ts';

function route(text: string): AllowedRoute {
  const [method = '', pattern = ''] = text.split(' ');
  return { method, pattern };
}

describe('two routes', () => {
  it.each([
    ['GET /me', 'GET /me'],
    ['* /me', 'DELETE /me'],
    ['GET /me/*', 'GET /me/photo'],
    ['GET /*/photo', 'GET /me/*'],
    ['GET /me/**', 'GET /me'],
    ['GET /me/**', 'GET /me/a/b/c'],
    ['GET /**', '* /**'],
    ['GET /**', 'GET /'],
    ['GET /a/**', 'GET /*/b/**'],
    ['GET /caf%C3%A9', 'GET /caf%c3%a9'],
  ])('can mean the same call: %s, %s', (one, other) => {
    expect([overlap(route(one), route(other)), overlap(route(other), route(one))]).toEqual([true, true]);
  });

  it.each([
    ['GET /me', 'POST /me'],
    ['GET /me', 'GET /you'],
    ['GET /me/*', 'GET /me'],
    ['GET /me/*', 'GET /me/a/b'],
    ['GET /me/a/**', 'GET /me/b/**'],
    ['GET /me/**', 'GET /you/**'],
    ['GET /a/b/**', 'GET /a'],
    ['GET /', 'GET /*'],
    ['GET /.me', 'GET /me'],
    ['GET /m.e', 'GET /me'],
  ])('cannot: %s, %s', (one, other) => {
    expect([overlap(route(one), route(other)), overlap(route(other), route(one))]).toEqual([false, false]);
  });

  it.each([
    ['another case, which many APIs do not tell apart', 'GET /me/messages', 'GET /Me/MESSAGES'],
    ['another case of letters beyond ASCII', 'GET /%C3%A9', 'GET /%C3%89'],
    ['a letter composed of two', 'GET /%C3%A9', 'GET /e%CC%81'],
    ['a letter of full width', 'GET /me', 'GET /%EF%BD%8De'],
    ['a letter that has a partner in upper case alone', 'GET /admin', 'GET /adm%C4%B1n'],
    ['two letters that are one in lower case', 'GET /strasse', 'GET /stra%C3%9Fe'],
    ['characters that nobody sees', 'GET /me/messages', 'GET /me%E2%80%8B/%C2%ADmess%EF%BB%BFages'],
    ['dots and blanks at an end, of which Windows knows nothing', 'GET /me/messages', 'GET /me./messages%20..%20'],
    ['HEAD, which tells what GET tells', 'GET /me', 'HEAD /me'],
  ])('are taken for the same in spite of %s', (_what, one, other) => {
    expect(overlap(route(one), route(other))).toBe(true);
  });

  it('overlap wherever there is a call that both match, whatever they are', () => {
    const segment = fc.constantFrom('a', 'B', '%C3%A9', 'x.y');
    const method = fc.constantFrom('GET', 'HEAD', 'POST');
    const call = fc.record({ method, segments: fc.array(segment, { maxLength: 4 }) });
    // A route out of a call: it matches it, however much of it stands open.
    const opened = (segments: readonly string[], choice: readonly boolean[], open: number | null): string => {
      const kept = segments.slice(0, open ?? segments.length).map((each, index) => (choice[index] ? '*' : each));
      return `/${[...kept, ...(open === null ? [] : ['**'])].join('/')}`;
    };
    const choices = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
    const open = fc.option(fc.nat({ max: 4 }));
    const way = fc.record({ any: fc.boolean(), choices, open });
    fc.assert(
      fc.property(call, way, way, ({ method: asked, segments }, ...ways) => {
        const routes = ways.map(({ any, choices: choice, open: from }) => ({
          method: any ? '*' : asked,
          pattern: opened(segments, choice, from),
        }));
        const [one, other] = routes as [AllowedRoute, AllowedRoute];
        const path = `/${segments.join('/')}`;
        expect(routes.map((each) => matchRoute([each], asked, path))).toEqual([true, true]);
        expect(overlap(one, other)).toBe(true);
        // A call is a route that means itself.
        expect(overlap(one, { method: asked, pattern: path })).toBe(true);
      }),
    );
  });
});
