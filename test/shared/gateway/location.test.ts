import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { locationFor } from '../../../shared/gateway/location.ts';
import { downstreamApi } from '../../support/downstream-api.ts';

const API = downstreamApi({ baseUrl: 'https://api.example/v1.0', redirectOrigins: ['https://files.example'] });
const CALLED = 'https://api.example/v1.0/items/1?a=b';
const locationOf = (location: string | string[] | undefined) => locationFor(API, CALLED, location);

describe("an API's Location", () => {
  it.each([
    ['https://api.example/v1.0/items/2', '/api/graph/items/2'],
    ['https://API.example:443/v1.0/items/2?x=1%202#part', '/api/graph/items/2?x=1%202#part'],
    ['/v1.0/items/2', '/api/graph/items/2'],
    ['//api.example/v1.0/items/2', '/api/graph/items/2'],
    ['2', '/api/graph/items/2'],
    ['../other', '/api/graph/other'],
    ['', '/api/graph/items/1?a=b'],
    ['?page=2', '/api/graph/items/1?page=2'],
    ['https://api.example/v1.0', '/api/graph/'],
    [Buffer.from('/v1.0/caf\u00e9?q=\u20ac').toString('latin1'), '/api/graph/caf%C3%A9?q=%E2%82%AC'],
  ])('that stays within it is a path of ours: %s', (location, path) => expect(locationOf(location)).toBe(path));

  it('that leads to an origin the settings name stays as it is', () => {
    expect(locationOf('https://files.example/a?sig=x')).toBe('https://files.example/a?sig=x');
  });

  it.each([
    'https://evil.example/v1.0/items/2',
    'https://api.example.evil.example/v1.0/x',
    'https://api.example/v1.0x/items',
    'https://api.example/v2.0/items',
    'https://api.example/',
    '/items',
    '../../v2.0/items',
    'http://api.example/v1.0/items',
    'https://api.example:8443/v1.0/items',
    'https://user:pass@api.example/v1.0/items',
    'https://user@files.example/a',
    'http://files.example/a',
    '/v1.0/items/%2e%2e%2fadmin',
    // No UTF-8.
    '/v1.0/caf\u00e9',
    '/v1.0//items',
    '/v1.0/items/;x',
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:https://files.example/a',
    'blob:https://user@files.example/a',
    'https://',
  ])('that leads anywhere else is nothing: %j', (location) => expect(locationOf(location)).toBeNull());

  it('that is not there, or there twice, is nothing', () => {
    expect(locationOf(undefined)).toBeNull();
    expect(locationOf(['/v1.0/a', '/v1.0/b'])).toBeNull();
  });

  it('never leads a browser off this origin, unless to one that the settings name', () => {
    const piece = fc.constantFrom(
      ...[
        '/',
        '//',
        '\\',
        '..',
        '.',
        '%2e',
        '%2f',
        '%5c',
        '@',
        ':',
        '?',
        '#',
        ';',
        '\t',
        '\n',
        'v1.0',
        'items',
        'http',
      ],
      ...['https:', 'javascript:', 'evil.example', 'api.example', 'files.example', '443', '[', ']', '%', 'é'],
    );
    const location = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(location, (text) => {
        const led = locationOf(text);
        if (led === null) return;
        const { origin, pathname } = new URL(led, 'https://app.example');
        if (origin === 'https://app.example') expect(pathname).toMatch(/^\/api\/graph\//);
        else expect(origin).toBe('https://files.example');
      }),
      { numRuns: 5_000 },
    );
  });
});
