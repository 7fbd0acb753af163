import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { fillParameters } from '../../infra/fill-parameters.ts';
import type { Target } from './support/bicep/azure.ts';
import { planOf } from './support/bicep/plan.ts';
import type { Fields } from './support/bicep/values.ts';
import { readSources } from './support/infra.ts';
import { settingsOf } from './support/planned.ts';

const FILE = readFileSync('infra/main.parameters.json', 'utf8');
const TARGET: Target = { cloud: 'AzureCloud', subscriptionId: 'sub', tenantId: 'tenant', location: 'westeurope' };
const NOTHING = { AZURE_ENV_NAME: 'prod' };

const valuesOf = (text: string): Fields =>
  Object.fromEntries(
    Object.entries<{ value: Fields }>(JSON.parse(text).parameters).map(([name, { value }]) => [name, value]),
  );

const settingsWith = (parameters: Fields) => settingsOf(planOf(readSources(), 'infra/main.bicep', parameters, TARGET));

it('the parameters file with nothing set deploys what is deployed without it', () => {
  const filled = valuesOf(fillParameters(FILE, NOTHING));
  expect(settingsWith(filled)).toEqual(settingsWith({ environmentName: 'prod' }));
});

it('what is set gets into the parameter, as the kind of value that this takes', () => {
  const filled = fillParameters(FILE, {
    ...NOTHING,
    EXEUNT_SESSIONS_NOT_BEFORE: '2026-11-29T12:00:00Z',
    EXEUNT_PRIVATE_NETWORK: 'true',
    EXEUNT_ALWAYS_READY_INSTANCES: '2',
    EXEUNT_APPLICATION_NAME: 'Tea "and" cake',
    EXEUNT_CUSTOM_DOMAIN: '',
  });
  expect(valuesOf(filled)).toMatchObject({
    environmentName: 'prod',
    sessionsNotBefore: '2026-11-29T12:00:00Z',
    privateNetwork: true,
    alwaysReadyInstances: 2,
    applicationName: 'Tea "and" cake',
    customDomain: '',
  });
});

it.each([
  ['the name of the environment is missing', {}, 'AZURE_ENV_NAME is not set'],
  ['a switch is neither on nor off', { ...NOTHING, EXEUNT_OPERATOR_DOOR: 'yes' }, 'EXEUNT_OPERATOR_DOOR is not'],
  ['a number is none', { ...NOTHING, EXEUNT_ALWAYS_READY_INSTANCES: '1, "x": 2' }, 'INSTANCES is not'],
])('nothing is asked of Azure where %s', (_, variables, said) => {
  expect(() => fillParameters(FILE, variables)).toThrow(said);
});
