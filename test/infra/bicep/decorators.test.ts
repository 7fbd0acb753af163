import { describe, expect, it } from '@jest/globals';
import { planAlone, planWith } from '../support/mutated.ts';

const MAIN = 'infra/main.bicep';
const TABLES = 'infra/modules/token-tables.bicep';

describe('what Bicep refuses of decorators is refused here', () => {
  it.each<[string, string, string | RegExp, string, string]>([
    ['a decorator that there is not (BCP057)', TABLES, /^@allowed\(/m, '@allow(', 'there is no decorator "allow"'],
    ['a decorator of another namespace', TABLES, /^@allowed\(/m, '@az.allowed(', 'there is no decorator "az.allowed"'],
    ['a decorator twice (BCP166)', TABLES, /^@allowed\(.*\n/m, '$&$&', '@allowed twice'],
    [
      'a decorator that a variable does not take (BCP126)',
      MAIN,
      /^var tags = /m,
      '@secure()\n$&',
      '@secure is not for: var',
    ],
    [
      'a decorator that an output does not take (BCP129)',
      TABLES,
      /^output id /m,
      "@allowed(['a'])\n$&",
      '@allowed is not for: output',
    ],
    [
      'a decorator that a resource does not take (BCP127)',
      TABLES,
      /^resource account /m,
      '@minLength(1)\n$&',
      '@minLength is not for: resource',
    ],
    [
      'a decorator of resources at a module (BCP128)',
      MAIN,
      /^module identity /m,
      '@onlyIfNotExists()\n$&',
      '@onlyIfNotExists is not for: module',
    ],
    [
      'a decorator of lists at what is one (BCP155)',
      MAIN,
      /^module identity /m,
      '@batchSize(1)\n$&',
      '@batchSize is for loops',
    ],
    [
      'a decorator for what stands already',
      TABLES,
      /^resource account /m,
      '@nullIfNotFound()\n$&',
      '@nullIfNotFound is for what exists',
    ],
    ['a length of a number (BCP124)', MAIN, /^@minValue\(30\)/m, '@minLength(30)', '@minLength does not go with int'],
    [
      'a least value of a text (BCP124)',
      TABLES,
      /^@allowed\(.*\n/m,
      '@minValue(1)\n',
      '@minValue does not go with string',
    ],
    ['a number that is secret (BCP124)', MAIN, /^@minValue\(30\)/m, '@secure()', '@secure does not go with int'],
    [
      'a decorator without its argument (BCP071)',
      MAIN,
      /^@minValue\(30\)/m,
      '@minValue()',
      '"@minValue" takes 1 argument',
    ],
    [
      'a decorator with one too many (BCP071)',
      MAIN,
      /^@minValue\(30\)/m,
      '@minValue(30, 31)',
      '"@minValue" takes 1 argument',
    ],
    [
      'an argument that has to be worked out (BCP032)',
      MAIN,
      /^@minValue\(30\)/m,
      '@minValue(max(29, 30))',
      '@minValue takes what is known beforehand',
    ],
    [
      'no value at all that is allowed (BCP099)',
      TABLES,
      /^@allowed\(.*\)/m,
      '@allowed([])',
      '@allowed takes a list of some',
    ],
  ])('in our own templates: %s', (_what, file, replace, by, problem) => {
    expect(() => planWith({ file, replace, by })).toThrow(problem);
  });

  it.each([
    [
      'a decorator of nothing that takes any (BCP130)',
      "@description('a')\ntargetScope = 'resourceGroup'",
      '@description is not for: targetScope',
    ],
    ['a decorator at a member', 'type T = {\n  @allowed([1])\n  a: int\n}', '@allowed is not for: member'],
  ])('elsewhere: %s', (_what, text, problem) => {
    expect(() => planAlone(text)).toThrow(problem);
  });

  it.each([
    [
      'decorators where they may be',
      "@sys.description('a')\n@export()\n@sealed()\ntype T = {\n  @minLength(1)\n  a: string\n}\n@batchSize(1)\n@description('a')\nresource r 'N/t@2024-01-01' = [for x in [1]: {\n  name: 'r'\n}]",
    ],
  ])('but not %s', (_what, text) => {
    expect(() => planAlone(text)).not.toThrow();
  });
});
