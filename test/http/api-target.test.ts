import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { bringIn } from './support/sign-in.ts';

const world = localWorld();
let browser: Browser;
beforeAll(async () => {
  ({ browser } = await bringIn(world));
});
beforeEach(() => world.odd.answerWith((_request, response) => response.end()));

/** Asks with a request target as it stands; what the API got, or how it was refused. */
async function sentAs(target: string): Promise<string | number> {
  const { length } = world.odd.received;
  const answer = await browser.fetch(world.app.origin, { target, headers: { 'x-csrf': '1' } });
  const received = world.odd.received.slice(length).map((request) => request.target);
  expect(received.length).toBe(answer.status === 200 ? 1 : 0);
  return received[0] ?? answer.status;
}

describe('what the API gets is what was checked', () => {
  it.each([
    ['/x?a=1&a=2&&b', '/x?a=1&a=2&&b'],
    ['/x?a?b', '/x?a?b'],
    ['/x?', '/x'],
    ['/x?=', '/x?='],
    ['/x?a=b+c%20d', '/x?a=b+c%20d'],
    ['/x?a=%zz&%&%E9&%00', '/x?a=%zz&%&%E9&%00'],
    ['/x?a=/../%2e%2e%2f;b', '/x?a=/../%2e%2e%2f;b'],
    ['/x?$filter=a[]{}|^`', '/x?$filter=a[]{}|^`'],
    ['/x?__proto__=1&name=other&path=other&url=/', '/x?__proto__=1&name=other&path=other&url=/'],
    // As browsers write them, whoever asks: the Functions library reads every URL as they do.
    [`/x?a='"<>`, '/x?a=%27%22%3C%3E'],
    ['/x?a#b', '/x?a'],
    ['/x#/../../secret', '/x'],
    ['/%7e%6dail', '/~mail'],
    ['/a+b%20c', '/a+b%20c'],
    ['/%EF%BC%8F..%EF%BC%8F', '/%EF%BC%8F..%EF%BC%8F'],
  ])('/any%s arrives as /any%s', async (target, arrives) => {
    expect(await sentAs(`/api/odd/any${target}`)).toBe(`/base/any${arrives}`);
  });

  // Before any function sees it, here as on Azure.
  it.each(['/any/a/../x', '/any/%2e/x', '/any/a/.%2E/x', '/../odd/any/x', '/../../api/odd/any/x'])(
    'dots are gone by then: %s',
    async (path) => {
      expect(await sentAs(`/api/odd${path}`)).toBe('/base/any/x');
    },
  );

  it.each([
    ['/api/odd/any/a\\..\\..\\secret', 400],
    ['/api/odd/any/%u002fsecret', 400],
    ['/api/odd/any/é', 400],
    ['/api/odd/any/x?é', 400],
    ['/api/odd/any/%00', 400],
    ['/api%2fodd/any/x', 404],
    ['/api/%6fdd/any/x', 404],
    ['/api/odd;v=1/any/x', 404],
    ['/api//odd/any/x', 404],
    ['/%61pi/odd/any/x', 400],
    ['//evil.example/api/odd/any/x', 404],
    ['evil.example/api/odd/any/x', 400],
    ['*', 400],
  ])('%s never arrives (%d)', async (target, status) => {
    expect(await sentAs(target)).toBe(status);
  });

  it('an absolute target names the path alone: the API is the one of the settings', async () => {
    expect(await sentAs('http://user:pass@evil.example:81/api/odd/any/x?y')).toBe('/base/any/x?y');
  });
});
