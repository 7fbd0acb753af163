import { describe, expect, it } from '@jest/globals';
import type { Target } from './support/bicep/azure.ts';
import { parseBicep } from './support/bicep/parser.ts';
import { planOf } from './support/bicep/plan.ts';
import { at, type Fields, type Value } from './support/bicep/values.ts';

const TARGET: Target = {
  cloud: 'AzureCloud',
  subscriptionId: 'sub',
  tenantId: 'tenant',
  location: 'westeurope',
};

const parse = (text: string) => parseBicep('a.bicep', text).declarations;

/** What a deployment of a file makes; others beside it by their names. */
const deploy = (text: string, parameters: Fields = {}, others: Readonly<Record<string, string>> = {}) =>
  planOf(new Map([['a.bicep', text], ...Object.entries(others)]), 'a.bicep', parameters, TARGET);

/** What an expression comes to, beside these declarations. */
function comesTo(expression: string, declarations = '', parameters: Fields = {}): Value | undefined {
  const { it: made } = deploy(
    `${declarations}\nvar that = ${expression}\noutput it object = { that: that }\n`,
    parameters,
  ).outputs;
  return at(made, 'that');
}

describe('a Bicep file is read', () => {
  it('down to each declaration, with its decorators', () => {
    const declarations = parse(`targetScope = 'resourceGroup'
extension microsoftGraphV1
metadata description = 'It\\'s one.'
import { A, B as C } from 'b.bicep'

/* a note
   of two lines */
@description('What.') // why
@allowed(['a', 'b'])
param kind 'a' | 'b' = 'a'
param list { name: string, size: int? }[]
@sys.export()
type Kind = 'a'
  | 'b'
var a = kind == 'a' ? [1, -2] : []
func double(x int) int => x * 2
resource r 'N/t@2024-01-01' existing = {
  name: 'r'
}
module m 'm.bicep' = [for (x, i) in a: if (i > 0) {
  name: 'm\${i}'
}]
output o string = r.id
`);
    expect(declarations.map(({ kind }) => kind)).toEqual([
      ...['targetScope', 'extension', 'metadata', 'import', 'param', 'param', 'type', 'var', 'func', 'resource'],
      ...['module', 'output'],
    ]);
    expect(declarations[4]).toMatchObject({
      decorators: [{ name: 'description' }, { name: 'allowed' }],
      type: { kind: 'union', members: [{ value: 'a' }, { value: 'b' }] },
      place: { line: 8, column: 1 },
    });
  });

  it.each([
    ['two properties on a line', 'var a = {\n  b: 1 c: 2\n}', '2:8'],
    ['a new line behind a comma', 'var a = [1,\n2]', '1:12'],
    ['a comma behind the last argument', 'var a = concat([], [],)', '1:23'],
    ['an operator at the end of a line', 'var a = true &&\n  false', '1:16'],
    ['a text that is not closed', "var a = 'b\nvar c = 1", '1:11'],
    ['no such escape', "var a = '\\q'", '1:10'],
    ['an object in a text', "var a = '${{ b: 1 }}'", '1:12'],
    ['a hole over two lines', "var a = '${b\n}'", '2:1'],
    ['an object that is not closed', 'var a = {\n  b: 1\n', '3:1'],
    ['a decorator on the line of what it decorates', '@secure() param a string', '1:11'],
    ['no type', 'param a\n', '1:8'],
    ['a resource that is a text', "resource a 'N/t@2024-01-01' = 'b'", '1:31'],
    ['what is no declaration', 'vat a = 1', '1:1'],
    ['two declarations on a line', 'var a = 1 var b = 2', '1:11'],
    ['double quotes', 'var a = "b"', '1:9'],
    ['one = in a condition', "var a = b = 'c' ? 1 : 2", '1:11'],
  ])('not with %s', (_, text, place) => {
    expect(() => parse(text)).toThrow(`a.bicep:${place}: `);
  });
});

describe('an expression comes to', () => {
  it.each<[string, Value]>([
    ["'a${1 + 2 * 3}b${true}c'", 'a7bTruec'],
    ["'''\nit's ${this}'''", "it's ${this}"],
    ["'\\${a} \\u{41}'", '${a} A'],
    ["1 > 2 || 'A' =~ 'a' && !(3 >= 4)", true],
    ["null ?? 'b'", 'b'],
    ['7 / 2 - 7 % 2', 2],
    ["true\n  ? 'a'\n  : 'b'", 'a'],
    ["[for (x, i) in ['a', 'b']: '${x}${i}']", ['a0', 'b1']],
    ['map(range(0, 3), x => x * 2)', [0, 2, 4]],
    ["filter(['a', 'b'], x => x != 'a')", ['b']],
    ["toObject(['a'], x => x, x => '${x}!')", { a: 'a!' }],
    ['union({ a: { b: 1 } }, { a: { c: 2 } })', { a: { b: 1, c: 2 } }],
    ['{ ...{ a: 1 }, b: 2 }', { a: 1, b: 2 }],
    ['[...[1], 2]', [1, 2]],
    ["toLower(replace(take('A_B_C', 3), '_', '-'))", 'a-b'],
    ["substring('abcdef', 2, 3)", 'cde'],
    ["format('{0}-{1}', 'a', 2)", 'a-2'],
    ["{ a: [{ b: 'c' }] }.a[0].b", 'c'],
    ['[1, 2, 3][^1]', 3],
    ["{ a: 1 }.?b ?? 'none'", 'none'],
    ["length(uniqueString('a'))", 13],
    ["uniqueString('a') == uniqueString('b')", false],
    ['environment().suffixes.storage', 'core.windows.net'],
    ["subscriptionResourceId('N/t', 'x')", '/subscriptions/sub/providers/N/t/x'],
    ["empty([]) && empty('') && !empty({ a: 1 })", true],
  ])('%s', (expression, expected) => {
    expect(comesTo(expression)).toEqual(expected);
  });

  it.each([
    ["substring('abc', 2, 3)", 'substring past the end'],
    ['missing', 'nothing here is called "missing"'],
    ['missing(1)', 'no function "missing" is known here'],
    ['{ a: 1 }.b', 'no "b"'],
    ['{ a: 1, a: 2 }', '"a" twice'],
    ["1 + 'a'", '"+" is for numbers'],
    ["'a' ? 1 : 2", 'as a condition'],
    ['null.a', '"a" of null'],
  ])('nothing where Azure would refuse it: %s', (expression, problem) => {
    expect(() => comesTo(expression)).toThrow(problem);
  });

  it('a mark where only Azure knows, and another for a secret', () => {
    const account = "resource r 'N/t@2024-01-01' existing = {\n  name: 'x'\n}";
    expect(comesTo("'a${r.properties.b.c}'", account)).toBe('a«r.properties.b.c»');
    expect(comesTo('toUpper(r.properties.b)', account)).toContain('«toUpper(');
    expect(comesTo('r.listKeys().keys[0].value', account)).toContain('«secret:r.listKeys()');
    expect(comesTo("'k=${key}'", '@secure()\nparam key string', { key: 'x' })).toBe('k=«secret:key»');
  });
});

describe('a deployment makes', () => {
  const CHILD = `param name string
param size int = 1
resource r 'N/t@2024-01-01' = {
  name: name
  properties: {
    size: size
  }

  resource inner 'c@2024-01-01' = {
    name: 'i'
  }
}
resource extension 'E/x@2024-01-01' = {
  name: 'e'
  scope: r::inner
}
output id string = r.id
`;

  it('what stands in it and in its modules, by whole names and ids', () => {
    const { resources, outputs } = deploy(
      "module m 'sub/m.bicep' = {\n  name: 'm'\n  params: {\n    name: 'x'\n  }\n}\noutput id string = m.outputs.id",
      {},
      { 'sub/m.bicep': CHILD },
    );
    const group = '/subscriptions/sub/resourceGroups/westeurope-group/providers';
    expect(resources.map(({ type, name, id }) => [type, name, id])).toEqual([
      ['N/t', 'x', `${group}/N/t/x`],
      ['N/t/c', 'x/i', `${group}/N/t/x/c/i`],
      ['E/x', 'e', `${group}/N/t/x/c/i/providers/E/x/e`],
    ]);
    expect(resources[0]?.body).toEqual({ name: 'x', properties: { size: 1 } });
    expect(outputs).toEqual({ id: `${group}/N/t/x` });
  });

  it('one for each of a list, and none where the condition is false', () => {
    const { resources } = deploy(`resource all 'N/t@2024-01-01' = [for x in ['a', 'b']: {
  name: x
}]
resource none 'N/t@2024-01-01' = if (false) {
  name: 'c'
}
resource child 'N/t/c@2024-01-01' = {
  parent: all[1]
  name: 'd'
}`);
    expect(resources.map(({ name }) => name)).toEqual(['a', 'b', 'b/d']);
  });

  it.each([
    ['a parameter is missing', "module m 'b.bicep' = {\n  params: {}\n}", 'the parameter "name" is not given'],
    ['there is no such parameter', "module m 'b.bicep' = {\n  params: {\n    nam: 'a'\n  }\n}", 'no parameter "nam"'],
    ['it is of another type', "module m 'b.bicep' = {\n  params: {\n    name: 1\n  }\n}", '"name" takes string'],
    ['there is no such file', "module m 'c.bicep' = {}", 'there is no such file'],
    [
      'what is asked for is not deployed',
      "module m 'b.bicep' = if (false) {\n  params: {\n    name: 'a'\n  }\n}\noutput o string = m.outputs.id",
      '"m" is not deployed here',
    ],
  ])('nothing where %s', (_, text, problem) => {
    expect(() => deploy(text, {}, { 'b.bicep': CHILD })).toThrow(problem);
  });

  it.each([
    ["@allowed(['a'])\nparam p string", 'b', '@allowed'],
    ['@maxLength(2)\nparam p string', 'abc', '@maxLength'],
    ["param p 'a' | 'b'", 'c', 'takes none such'],
    ['@sealed()\ntype T = {\n  a: string?\n}\nparam p T', { b: 'x' }, 'has no b'],
    ['type T = {\n  a: string\n}\nparam p T[]', [{ b: 'x' }], '"a" is missing'],
  ])('nothing where a parameter goes against %s', (declaration, p, problem) => {
    expect(() => deploy(declaration, { p })).toThrow(problem);
  });
});
