import { idsOfIdentity } from './bicep/azure.ts';
import type { Plan } from './bicep/plan.ts';
import type { Planned } from './bicep/run.ts';
import { at, isFields, isList, type Value } from './bicep/values.ts';
import { ofType } from './rule.ts';

/** The settings of the function app, in whichever form they are given. */
export function settingsOf(plan: Plan): Readonly<Record<string, string>> {
  const configs = ofType(plan, 'Microsoft.Web/sites/config').filter(({ name }) => name.endsWith('/appsettings'));
  const listed = ofType(plan, 'Microsoft.Web/sites').flatMap(({ body }) => {
    const list = at(body, 'properties.siteConfig.appSettings') ?? [];
    return isList(list) ? list.map((item) => [at(item, 'name'), at(item, 'value')] as const) : [];
  });
  const mapped = configs.flatMap(({ body }) => (isFields(body.properties) ? Object.entries(body.properties) : []));
  return Object.fromEntries([...listed, ...mapped].map(([name, value]) => [String(name), String(value)]));
}

/** Accounts that hold token tables: those that the settings send the app to. */
export function tableAccounts(plan: Plan): readonly Planned[] {
  const { TABLES_ENDPOINT = '', TABLES_ENDPOINT_MOVING = '' } = settingsOf(plan);
  const endpoints = [...TABLES_ENDPOINT.split(','), ...TABLES_ENDPOINT_MOVING.split(',')].map((text) => text.trim());
  return ofType(plan, 'Microsoft.Storage/storageAccounts').filter(({ name }) =>
    endpoints.some((endpoint) => endpoint.startsWith(`https://${name}.table.`)),
  );
}

/** The account that the Functions host is sent to. */
export function hostAccounts(plan: Plan): readonly Planned[] {
  const settings = settingsOf(plan);
  const endpoints = Object.entries(settings).filter(([name]) => name.startsWith('AzureWebJobsStorage__'));
  return ofType(plan, 'Microsoft.Storage/storageAccounts').filter(({ name }) =>
    endpoints.some(([, value]) => value === name || value.startsWith(`https://${name}.`)),
  );
}

/** The identity of the application, by the ids that it is known by. */
export function applicationIdentity(plan: Plan): {
  readonly id: string;
  readonly clientId: string;
  readonly principalId: string;
} {
  const { id } = theOne(plan, 'Microsoft.ManagedIdentity/userAssignedIdentities');
  return { id, ...idsOfIdentity(id) };
}

/** The one resource of a type; fails where there is none or more. */
export function theOne(plan: Plan, type: string): Planned {
  const [first, ...more] = ofType(plan, type);
  if (first === undefined || more.length > 0) throw new Error(`${more.length + (first ? 1 : 0)} of ${type}, not one`);
  return first;
}

export const listAt = (value: Value | undefined, path: string): readonly Value[] => {
  const found = at(value, path);
  return found !== undefined && isList(found) ? found : [];
};

export const textAt = (value: Value | undefined, path: string): string => String(at(value, path) ?? '');
