import { describe, expect, it } from '@jest/globals';
import { httpBindingData } from '../../../local/host/binding-data.ts';
import { parseRequestTarget } from '../../../local/host/request-target.ts';

const parse = (raw: string) => {
  const target = parseRequestTarget(raw);
  return typeof target === 'number' ? target : [target.path, target.target];
};

describe('a request target', () => {
  it.each([
    ['/a%20b/%C3%A9?x=%20', '/a b/é', '/a%20b/%C3%A9?x=%20'],
    ['/a%2Fb', '/a%2Fb', '/a%2Fb'],
    ['/a/../b', '/b', '/b'],
    ['/a/%2e%2e/b', '/b', '/b'],
    ['//evil.example/x', '//evil.example/x', '//evil.example/x'],
    ['/\\evil.example', '/\\evil.example', '/%5Cevil.example'],
    ['/\\?a=\\', '/\\', '/%5C?a=\\'],
    ['/%zz', '/%zz', '/%zz'],
    ['/%25%32%66', '/%2f', '/%25%32%66'],
    ['http://evil.example/auth/session?x', '/auth/session', '/auth/session?x'],
  ])('%s is matched as %s and handed on as %s', (raw, path, target) => {
    expect(parse(raw)).toEqual([path, target]);
  });

  it.each([
    ['of no known form', '*', 400],
    ['with a NUL', '/%00', 400],
    ['over 8 KB', `/${'a'.repeat(8192)}`, 414],
    ['with a query over 4 KB', `/?${'a'.repeat(4096)}`, 404],
  ])('%s is refused', (_, raw, status) => {
    expect(parse(raw)).toBe(status);
  });
});

describe('the binding data of a request', () => {
  const data = (query: string, values: Record<string, string>) =>
    httpBindingData(new URLSearchParams(query), values, { cookie: 'c=1' });

  it('holds query parameters, but not the key', () => {
    expect(data('a=1&a=2&code=k', {})).toMatchObject({ a: { string: '2' } });
    expect(data('code=k', {})).not.toHaveProperty('code');
  });

  it('lets a route value win over a query parameter, under the spelling of the latter', () => {
    expect(data('PATH=evil', { path: 'me' })).toMatchObject({ PATH: { string: 'me' } });
    expect(data('PATH=evil', { path: 'me' })).not.toHaveProperty('path');
  });

  it('has the headers, unless a query parameter has their name', () => {
    expect(data('', {})).toMatchObject({ Headers: { json: '{"cookie":"c=1"}' } });
    expect(data('Headers=x', {})).toMatchObject({ Headers: { string: 'x' } });
    expect(data('headers=x', {})).not.toHaveProperty('Headers');
  });

  it('is not confused by a parameter called __proto__', () => {
    expect(Object.keys(data('__proto__=x', {}))).toContain('__proto__');
  });
});
