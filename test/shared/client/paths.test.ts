import { describe, expect, it } from '@jest/globals';
import { apiPath } from '../../../shared/client/browser/paths.ts';

describe('the path of a call', () => {
  it.each([
    ['graph', '/me', '/api/graph/me'],
    ['graph', '/me?$select=id', '/api/graph/me?$select=id'],
    ['graph', '/a/../b', '/api/graph/b'],
    ['a/b', '/x', '/api/a%2Fb/x'],
  ])('of %s at %s is %s', (name, path, expected) => {
    expect(apiPath(name, path)).toBe(expected);
  });

  it.each(['/../mail/me', '/..', 'me', '', '/../../auth/signout', '\\..\\..\\auth'])(
    'that leads out of the API is refused: %j',
    (path) => {
      expect(() => apiPath('graph', path)).toThrow(TypeError);
    },
  );
});
