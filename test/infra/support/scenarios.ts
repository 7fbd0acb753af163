import { SETTINGS, type SettingName } from '../../../shared/settings/registry.ts';
import type { Target } from './bicep/azure.ts';
import type { BicepFile } from './bicep/syntax.ts';
import { membersOf } from './bicep/types-of.ts';
import type { Fields } from './bicep/values.ts';

/** What somebody might deploy. */
interface Scenario {
  readonly parameters: (files: readonly BicepFile[]) => Fields;
  readonly target: Target;
}

const TENANT = '11111111-2222-3333-4444-555555555555';
const PUBLIC: Target = {
  cloud: 'AzureCloud',
  subscriptionId: '22222222-3333-4444-5555-666666666666',
  tenantId: TENANT,
  location: 'westeurope',
};
/** Of all but those with the shortest and the longest. */
export const ENVIRONMENT_NAME = 'prod';
/** Who deploys. */
export const DEPLOYER = '33333333-4444-5555-6666-777777777777';
const LEAST: Fields = { environmentName: ENVIRONMENT_NAME, principalId: DEPLOYER };

const scenario = (more: Fields = {}, target: Target = PUBLIC): Scenario => ({
  parameters: () => ({ ...LEAST, ...more }),
  target,
});

const EVERYTHING: Fields = {
  customDomain: 'app.contoso.com',
  applicationName: 'Contoso Expenses',
  operatorDoor: true,
  sessionsNotBefore: '2026-11-29T12:00:00Z',
  tablesAccountCount: 2,
  tablesAccountCountMoving: 3,
  tablesLogCategories: ['StorageWrite', 'StorageDelete'],
  alwaysReadyInstances: 1,
  zoneRedundant: true,
  alertEmail: 'night@contoso.example',
  furtherIdentityIds: [
    '/subscriptions/22222222-3333-4444-5555-666666666666/resourceGroups/other/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reads-users',
  ],
  secretSettings: ['SECURITY_EVENTS_AUTHORIZATION', 'TRUSTED_PROXY'],
};

export const SCENARIOS = {
  least: scenario(),
  // The shortest and the longest name that an environment may have, and nobody who may write secrets.
  short: scenario({ environmentName: 'a', principalId: '' }),
  long: scenario({
    environmentName: 'Production-of-the-Contoso-Group_'.repeat(2),
    tablesAccountCount: 11,
    privateNetwork: true,
  }),
  everything: {
    parameters: (files) => ({ ...LEAST, ...EVERYTHING, settings: everyOptionalSetting(files) }),
    target: PUBLIC,
  },
  private: scenario({ privateNetwork: true }),
  'private, keys from outside': scenario({ privateNetwork: true, keyVaultAllowedAddresses: ['198.51.100.7'] }),
  'existing application': scenario({
    existingClientId: '66666666-7777-8888-9999-000000000000',
    operatorDoor: true,
    existingOperatorAudience: '77777777-8888-9999-0000-111111111111',
  }),
  'External ID': scenario({
    authority: `https://contoso.ciamlogin.com/${TENANT}`,
    existingClientId: '66666666-7777-8888-9999-000000000000',
    clientCredential: 'certificate',
  }),
  'client secret': scenario({ clientCredential: 'secret' }),
  'US Government': scenario({}, { ...PUBLIC, cloud: 'AzureUSGovernment', location: 'usgovvirginia' }),
  China: scenario({ uniqueHostName: false }, { ...PUBLIC, cloud: 'AzureChinaCloud', location: 'chinanorth3' }),
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

/** Values for what our code does not read itself. */
const NOT_OURS: Readonly<Record<string, string>> = {
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '104857600',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.contoso.com',
  OTEL_SDK_DISABLED: 'false',
};

/** A value for each setting that the templates offer to set, by their own type of these. */
export function everyOptionalSetting(files: readonly BicepFile[]): Fields {
  const names = membersOf(files, 'OptionalSettings').map(({ name }) => name ?? '');
  return Object.fromEntries(names.map((name) => [name, sampleOf(name)]));
}

function sampleOf(name: string): string {
  return Object.hasOwn(SETTINGS, name) ? SETTINGS[name as SettingName].example : (NOT_OURS[name] ?? 'a');
}
