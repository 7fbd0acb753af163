import { describe, expect, it } from '@jest/globals';
import { planAlone, planWith } from '../support/mutated.ts';

const MAIN = 'infra/main.bicep';
const TABLES = 'infra/modules/token-tables.bicep';

describe('what Bicep refuses of names is refused here', () => {
  it.each<[string, string, string | RegExp, string, string]>([
    ['a variable twice (BCP028)', MAIN, /^var tags = .*\n/m, '$&$&', '"tags" is declared twice'],
    [
      'a parameter and a variable (BCP028)',
      MAIN,
      /^var tags = /m,
      'var location = 1\n$&',
      '"location" is declared twice',
    ],
    ['a module twice (BCP028)', MAIN, /^module identity [\s\S]*?^}\n/m, '$&$&', '"identity" is declared twice'],
    ['an output twice (BCP145)', TABLES, /^output id .*\n/m, '$&$&', 'the output "id" is declared twice'],
    ['metadata twice', TABLES, /^metadata .*\n/, '$&$&', 'the metadata "description" is declared twice'],
    [
      'a name of Bicep itself (BCP084)',
      MAIN,
      /^var tags = .*\n/m,
      '$&var sys = 1\n',
      '"sys" is a name of Bicep\'s own',
    ],
    [
      'a name that nobody has, where no scenario comes by (BCP057)',
      MAIN,
      "'https://${empty(customDomain) ?",
      "'https://${false ? nobody : empty(customDomain) ?",
      'nothing here is called "nobody"',
    ],
    [
      'a name of a loop behind it (BCP057)',
      TABLES,
      /^output id .*/m,
      'output id object = category',
      'nothing here is called "category"',
    ],
    [
      'a member that the type of a parameter has not (BCP053)',
      'infra/modules/app-registration.bicep',
      /^ *issuer: string\n/m,
      '',
      '"issuer" is no member of its type',
    ],
    [
      'a member that the type of an item has not (BCP053)',
      'infra/modules/app-registration.bicep',
      'resourceAppId: permission.api',
      'resourceAppId: false ? permission.apis : permission.api',
      '"apis" is no member of its type',
    ],
    [
      'an output that a module has not, where no scenario comes by (BCP053)',
      MAIN,
      "'https://${empty(customDomain) ?",
      "'https://${false ? identity.outputs.nothing : empty(customDomain) ?",
      'modules/identity.bicep puts out no "nothing"',
    ],
    [
      'an output that one of several modules has not',
      MAIN,
      "'https://${empty(customDomain) ?",
      "'https://${false ? tokenTables[0].outputs.nothing : empty(customDomain) ?",
      'modules/token-tables.bicep puts out no "nothing"',
    ],
    ['a type that nobody has (BCP302)', TABLES, 'param name string', 'param name strng', 'no type is called "strng"'],
    [
      'a type inside another',
      MAIN,
      'param actionGroupIds string[]',
      'param actionGroupIds { a: txt }[]',
      'no type is called "txt"',
    ],
    [
      'a variable in the default of a parameter (BCP072)',
      MAIN,
      "param authority string = ''",
      'param authority string = token',
      'a default takes parameters alone',
    ],
    [
      'what another file does not export (BCP360)',
      MAIN,
      /^import \{ (\w+)/m,
      'import { Nothing, $1',
      'has no "Nothing" to import',
    ],
    [
      'a function that nobody has, where no scenario comes by',
      MAIN,
      "'https://${empty(customDomain) ?",
      "'https://${false ? nobody() : empty(customDomain) ?",
      'no function "nobody" is known here',
    ],
  ])('in our own templates: %s', (_what, file, replace, by, problem) => {
    expect(() => planWith({ file, replace, by })).toThrow(problem);
  });

  it.each([
    ['a function called as a variable', "func f() string => 'a'\nvar f = 1", '"f" is declared twice'],
    ['one name for two of an import', "import { a, b as a } from 'b.bicep'", '"a" is declared twice'],
    ['one parameter of a lambda twice', 'var a = map([1], (x, x) => x)', '"x" is declared twice'],
    ['a parameter of a lambda behind it', 'var a = [map([1], x => x), x]', 'nothing here is called "x"'],
    ['a parameter inside a function', "param p string = 'a'\nfunc f() string => p", 'nothing here is called "p"'],
  ])('elsewhere: %s', (_what, text, problem) => {
    expect(() => planAlone(text)).toThrow(problem);
  });

  it.each([
    [
      'a member of an object that takes any',
      "type T = {\n  *: string\n}\nparam p T = { a: 'b' }\noutput o string = p.a",
    ],
    [
      'a member of what hides a parameter',
      "type T = {\n  a: string\n}\nparam p T = { a: 'b' }\nvar v = [for p in [{ b: 'c' }]: p.b]",
    ],
    ['a name of a loop that hides another', 'param x int = 1\nvar a = [for x in [1]: x]'],
    ['an output called as a variable', 'var a = 1\noutput a int = a'],
    [
      'a nested resource by its name',
      "resource r 'N/t@2024-01-01' = {\n  name: 'r'\n  resource i 'c@2024-01-01' = {\n    name: 'i'\n  }\n  resource j 'd@2024-01-01' = {\n    name: 'j'\n    a: i.id\n  }\n}",
    ],
    ['a default that goes by another parameter', "param a string = 'a'\nparam b string = a"],
  ])('but not %s', (_what, text) => {
    expect(() => planAlone(text)).not.toThrow();
  });
});
