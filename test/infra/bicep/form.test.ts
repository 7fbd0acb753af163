import { describe, expect, it } from '@jest/globals';
import { planAlone, planWith } from '../support/mutated.ts';

const MAIN = 'infra/main.bicep';
const TABLES = 'infra/modules/token-tables.bicep';
const HOST = 'infra/modules/host-storage.bicep';
const SETTINGS = 'infra/modules/app-settings.bicep';

describe('what Bicep refuses of the form of declarations is refused here', () => {
  it.each<[string, string, string | RegExp, string, string]>([
    [
      'a loop as an argument (BCP138)',
      MAIN,
      /(name: 'exeunt-\$\{token\}'\n {4}location: location\n {4}tags: )tags/,
      '$1union(tags, [for index in [1]: index])',
      'a loop cannot stand here',
    ],
    [
      'a loop as a default (BCP138)',
      MAIN,
      'param actionGroupIds string[] = []',
      "param actionGroupIds string[] = [for x in ['a']: x]",
      'a loop cannot stand here',
    ],
    [
      'a GUID that is new each time, but for a default (BCP065)',
      TABLES,
      /guid\([^)]*\)/,
      'newGuid()',
      '"newGuid" is for defaults of parameters alone',
    ],
    [
      'the time, but for a default (BCP065)',
      MAIN,
      /^var tags = .*/m,
      "var tags = { 'azd-env-name': environmentName, at: utcNow() }",
      '"utcNow" is for defaults of parameters alone',
    ],
    [
      'a function with too few (BCP071)',
      MAIN,
      "replace(\n  environment().authentication.loginEndpoint,\n  'login.chinacloudapi.cn',\n",
      'replace(\n  environment().authentication.loginEndpoint,\n',
      '"replace" takes 3 arguments',
    ],
    [
      'a function of templates, not of Bicep (BCP101)',
      MAIN,
      /^var tags = .*/m,
      '$&\nvar list = createArray(1)',
      'no function "createArray" is known here',
    ],
    ['a resource without a version (BCP029)', TABLES, /(storageAccounts)@[\d-]+/, '$1', 'no type and version'],
    [
      'a property that a module has not (BCP037)',
      MAIN,
      "  name: 'identity-${token}'\n",
      '$&  location: location\n',
      'a module has no "location"',
    ],
    [
      'parameters that are no object as they stand (BCP183)',
      MAIN,
      /(module identity [\s\S]*?params: )\{[\s\S]*?^ {2}\}/m,
      '$1tags',
      'parameters are an object',
    ],
    [
      'a property of what exists (BCP173)',
      SETTINGS,
      /(resource \w+ '[^']+' existing = \{\n)/,
      '$1  location: location\n',
      'what exists has no "location"',
    ],
    ['a name of too many parts (BCP169)', TABLES, /^( {2}name: )name$/m, "$1'a/b'", 'a name of 1 part'],
    ["a child with its parent's name (BCP170)", HOST, /(parent: \w+\n {2}name: )'/, "$1'a/", 'a name of 1 part'],
    [
      'a scope of its own for a child (BCP164)',
      HOST,
      /^( {2})parent: (\w+)\n/m,
      '$&$1scope: $2\n',
      "a child has its parent's scope",
    ],
    [
      'a default of another type (BCP033)',
      MAIN,
      'param zoneRedundant bool = false',
      "param zoneRedundant bool = 'no'",
      '"zoneRedundant" takes bool',
    ],
    [
      'an output of another type (BCP033)',
      TABLES,
      /^output id string = .*/m,
      'output id string = 1',
      'the output "id" takes string',
    ],
    ['a target that there is not', MAIN, /^targetScope = .*/m, "targetScope = 'region'", 'nothing to deploy to'],
  ])('in our own templates: %s', (_what, file, replace, by, problem) => {
    expect(() => planWith({ file, replace, by })).toThrow(problem);
  });

  it.each([
    ['two targets (BCP112)', "targetScope = 'resourceGroup'\ntargetScope = 'resourceGroup'", 'two of targetScope'],
    [
      'a loop in a loop of properties (BCP142)',
      "resource r 'N/t@2024-01-01' = {\n  name: 'r'\n  a: [for x in [1]: {\n    b: [for y in [1]: y]\n  }]\n}",
      'a loop cannot stand here',
    ],
    [
      'a loop under a name that is worked out (BCP143)',
      "resource r 'N/t@2024-01-01' = {\n  name: 'r'\n  '${1}': [for x in [1]: x]\n}",
      'a loop cannot stand here',
    ],
    [
      'a nested resource in a loop (BCP160)',
      "resource r 'N/t@2024-01-01' = [for x in [1]: {\n  name: 'r'\n  resource i 'c@2024-01-01' = {\n    name: 'i'\n  }\n}]",
      'no resource stands in one of a loop',
    ],
    [
      'a nested type of two parts (BCP156)',
      "resource r 'N/t@2024-01-01' = {\n  name: 'r'\n  resource i 'c/d@2024-01-01' = {\n    name: 'i'\n  }\n}",
      'one part',
    ],
    ['one property twice, where nobody comes by (BCP025)', 'var a = {\n  b: 1\n  b: 2\n}', '"b" twice'],
  ])('elsewhere: %s', (_what, text, problem) => {
    expect(() => planAlone(text)).toThrow(problem);
  });

  it.each([['a GUID for a default', 'param a string = newGuid()']])('but not %s', (_what, text) => {
    expect(() => planAlone(text)).not.toThrow();
  });
});
