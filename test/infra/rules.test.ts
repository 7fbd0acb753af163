import { describe, expect, it } from '@jest/globals';
import type { SettingDefinition } from '../../shared/settings/registry/definition.ts';
import { SETTINGS } from '../../shared/settings/registry.ts';
import { ALERT_RULES } from './rules/alerts.ts';
import { CLOSED_RULES } from './rules/closed.ts';
import { DIRECTORY_RULES } from './rules/directory.ts';
import { FORM_RULES } from './rules/form.ts';
import { HOST_RULES, QUEUE_NAMES } from './rules/host.ts';
import { KIND_RULES } from './rules/kinds.ts';
import { LASTING_RULES } from './rules/lasting.ts';
import { LOG_RULES } from './rules/logs.ts';
import { NAME_RULES } from './rules/names.ts';
import { NETWORK_RULES } from './rules/network.ts';
import { PLATFORM_RULES } from './rules/platform.ts';
import { REGISTRATION_RULES } from './rules/registration.ts';
import { ROLE_RULES } from './rules/roles.ts';
import { SECRET_RULES, SECRET_SETTINGS } from './rules/secrets.ts';
import { SETTING_RULES } from './rules/settings.ts';
import { START_RULES } from './rules/start.ts';
import { STORAGE_RULES } from './rules/storage.ts';
import { VAULT_RULES } from './rules/vault.ts';
import { VERSION_RULES } from './rules/versions.ts';
import { infraOf, readSources } from './support/infra.ts';
import { mutated } from './support/mutated.ts';
import type { Rule } from './support/rule.ts';

const RULES: readonly Rule[] = [
  ...STORAGE_RULES,
  ...VAULT_RULES,
  ...SECRET_RULES,
  ...SETTING_RULES,
  ...ROLE_RULES,
  ...REGISTRATION_RULES,
  ...DIRECTORY_RULES,
  ...NAME_RULES,
  ...LASTING_RULES,
  ...KIND_RULES,
  ...PLATFORM_RULES,
  ...HOST_RULES,
  ...LOG_RULES,
  ...ALERT_RULES,
  ...NETWORK_RULES,
  ...CLOSED_RULES,
  ...FORM_RULES,
  ...START_RULES,
  ...VERSION_RULES,
];

const sources = readSources();
const infra = infraOf(sources);

describe.each(RULES)('$name', (rule) => {
  it('holds', () => {
    expect(rule.check(infra)).toEqual([]);
  });

  it.each(rule.mutations)('is noticed to be broken in $file: "$replace" by "$by"', (mutation) => {
    expect(rule.check(infraOf(mutated(sources, mutation)))).not.toEqual([]);
  });
});

it.each(QUEUE_NAMES)(
  'the queue %s and the one beside it for messages that nobody can read have names that Azure takes',
  (name) => {
    for (const queue of [name, `${name}-poison`]) expect(queue).toMatch(/^(?=.{3,63}$)[a-z0-9](?:-?[a-z0-9])*$/);
  },
);

it('every setting that is made, not written down, counts as a secret', () => {
  const made = Object.entries<SettingDefinition>(SETTINGS).filter(([, { example }]) =>
    /openssl|BEGIN PRIVATE|shows-once|agreed-on/.test(example),
  );
  expect(SECRET_SETTINGS).toEqual(expect.arrayContaining(made.map(([name]) => name)));
});

it('every rule is shown to notice something', () => {
  expect(RULES.filter(({ mutations }) => mutations.length === 0).map(({ name }) => name)).toEqual([]);
});
