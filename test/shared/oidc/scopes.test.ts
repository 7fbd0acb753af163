import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { covers, coversAlone, ofOneResource } from '../../../shared/oidc/scopes.ts';
import { resourceOf } from '../../../shared/settings/resource.ts';

const OPENID = ['openid', 'profile', 'email', 'offline_access'];

describe('the resource of a scope', () => {
  it.each([
    ['User.Read', ''],
    ['https://graph.microsoft.com/User.Read', 'https://graph.microsoft.com'],
    ['https://graph.microsoft.us/.default', 'https://graph.microsoft.us'],
    ['https://microsoftgraph.chinacloudapi.cn/.default', 'https://microsoftgraph.chinacloudapi.cn'],
    ['https://management.core.windows.net//.default', 'https://management.core.windows.net'],
    ['api://11111111-1111-4111-8111-111111111111/access', 'api://11111111-1111-4111-8111-111111111111'],
    ['API://Mail/Read', 'api://mail'],
  ])('%s is %j', (scope, resource) => {
    expect(resourceOf(scope)).toBe(resource);
  });
});

describe('the scopes of one resource', () => {
  it('are those of the first that is no scope of OpenID Connect', () => {
    expect(ofOneResource([...OPENID, 'api://a/x', 'api://b/y', 'api://a/z'])).toEqual(['api://a/x', 'api://a/z']);
    expect(ofOneResource(['User.Read', 'api://b/y', 'Mail.Read'])).toEqual(['User.Read', 'Mail.Read']);
    expect(ofOneResource(OPENID)).toEqual([]);
  });
});

describe('a token', () => {
  it.each<[string, string[], string[], boolean]>([
    ['the same scopes', ['User.Read', 'openid'], ['User.Read'], true],
    ['more than is wanted', ['api://a/x', 'api://a/y'], ['api://a/y'], true],
    ['another case', ['API://A/X'], ['api://a/x'], true],
    ['.default, as Entra ID answers', ['api://a/x', 'api://a/.default', 'openid'], ['api://a/.default'], true],
    ['.default, in what it came to', ['api://a/x', 'api://a/y', 'openid'], ['api://a/.default'], true],
    ['.default of a resource that ends in a slash', ['https://m.example//x'], ['https://m.example//.default'], true],
    ['of a sovereign cloud', ['https://graph.microsoft.us/User.Read'], ['https://graph.microsoft.us/.default'], true],
    ['OpenID Connect alone', ['openid', 'profile'], ['openid'], true],
    ['less than is wanted', ['api://a/x'], ['api://a/x', 'api://a/y'], false],
    ['the same name elsewhere', ['api://b/x'], ['api://a/x'], false],
    [
      '.default of another cloud',
      ['https://graph.microsoft.com/User.Read'],
      ['https://graph.microsoft.us/.default'],
      false,
    ],
    ['a resource that only begins alike', ['api://a.b/x'], ['api://a/.default'], false],
    ['two resources', ['api://a/x', 'api://b/y'], ['api://a/.default'], false],
    ['no resource', ['openid', 'profile'], ['api://a/.default'], false],
    ['some resource, where none is named', ['api://a/x', 'openid'], ['openid'], false],
    ['something, where nothing is wanted', ['api://a/x'], [], false],
  ])('of %s', (_what, granted, wanted, expected) => {
    expect(covers(granted, wanted)).toBe(expected);
  });

  it('of one resource is never for another', () => {
    const resource = fc.constantFrom(
      'api://a',
      'api://a/b',
      'https://graph.microsoft.com',
      'https://graph.microsoft.us',
      '',
    );
    const name = fc.constantFrom('x', 'User.Read', '.default');
    const scopesOf = (of: string) =>
      fc
        .array(name, { minLength: 1, maxLength: 3 })
        .map((names) => names.map((each) => (of === '' ? each : `${of}/${each}`)));
    const two = fc.tuple(resource, resource).filter(([one, other]) => one !== other);
    fc.assert(
      fc.property(
        two.chain(([one, other]) => fc.tuple(scopesOf(one), scopesOf(other))),
        fc.subarray(OPENID),
        ([granted, wanted], openid) => {
          expect(covers([...granted, ...openid], wanted)).toBe(false);
          expect(covers([...granted, ...openid], [...openid, ...wanted])).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a token of an OP that keeps to the standard', () => {
  const fits = coversAlone(new Set(['a.read', 'b.read', 'b.write', 'B.read', 'email']));

  it.each<[string, string[], string[], boolean]>([
    ['the same scopes', ['openid', 'profile', 'email', 'a.read'], ['a.read'], true],
    ['more that is no API’s', ['openid', 'a.read', 'roles'], ['a.read'], true],
    ['what is another API’s', ['openid', 'a.read', 'b.read'], ['a.read'], false],
    ['what is the API’s itself', ['b.write', 'b.read'], ['b.read', 'b.write'], true],
    ['another case', ['B.read'], ['b.read'], false],
    ['less than is wanted', ['b.read'], ['b.read', 'b.write'], false],
    ['.default, in what it came to', ['api://a/x'], ['api://a/.default'], true],
  ])('of %s', (_what, granted, wanted, expected) => {
    expect(fits(granted, wanted)).toBe(expected);
  });
});
