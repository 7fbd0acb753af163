import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import type { SettingDefinition } from '../../../shared/settings/registry/definition.ts';
import { SETTINGS } from '../../../shared/settings/registry.ts';

const readme = readFileSync('README.md', 'utf8');

it.each(Object.entries<SettingDefinition>(SETTINGS))('the README says of %s what the code says', (name, definition) => {
  const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
  expect(row).toContain(definition.meaning.replaceAll('|', '\\|'));
  expect(row).toContain(definition.otherwise ?? definition.default ?? '');
});
