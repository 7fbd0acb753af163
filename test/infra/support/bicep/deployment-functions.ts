import { dirname, join } from 'node:path/posix';
import { environmentOf } from './azure.ts';
import { interleave, type Site } from './resources.ts';
import type { Value } from './values.ts';

interface Where {
  readonly site: Site;
  readonly sources: ReadonlyMap<string, string>;
  /** The file that asks. */
  readonly file: string;
}

type Here = (args: readonly Value[], where: Where) => Value;

const text = (value: Value | undefined): string => String(value ?? '');
const NEW_GUID = '00000000-1111-2222-3333-444444444444';

const FUNCTIONS: Readonly<Record<string, Here>> = {
  environment: (_, { site }) => environmentOf(site.target),
  subscription: (_, { site: { target } }) => ({
    id: `/subscriptions/${target.subscriptionId}`,
    subscriptionId: target.subscriptionId,
    tenantId: target.tenantId,
    displayName: 'Subscription',
  }),
  tenant: (_, { site }) => ({ tenantId: site.target.tenantId }),
  resourceGroup: ([name], { site: { target, resourceGroup } }) => {
    const called = name ?? resourceGroup;
    if (called === null) throw new Error('a subscription is no resource group');
    const id = `/subscriptions/${target.subscriptionId}/resourceGroups/${text(called)}`;
    return { id, name: called, location: target.location, tags: {} };
  },
  deployment: (_, { site }) => ({ name: 'deployment', location: site.target.location }),
  deployer: (_, { site }) => ({
    objectId: '99999999-8888-7777-6666-555555555555',
    tenantId: site.target.tenantId,
    userPrincipalName: 'someone@contoso.com',
  }),
  resourceId: (args, { site: { target, resourceGroup } }) => {
    const [type, name] = typeAndName(args);
    const group = resourceGroup === null ? '' : `/resourceGroups/${resourceGroup}`;
    return `/subscriptions/${target.subscriptionId}${group}/providers/${interleave(type, name)}`;
  },
  subscriptionResourceId: (args, { site }) => {
    const [type, name] = typeAndName(args);
    return `/subscriptions/${site.target.subscriptionId}/providers/${interleave(type, name)}`;
  },
  tenantResourceId: (args) => `/providers/${interleave(...typeAndName(args))}`,
  extensionResourceId: ([of, ...args]) => `${text(of)}/providers/${interleave(...typeAndName(args))}`,
  // The same each time here; at Azure another at each deployment, which is why nothing may rest on them.
  newGuid: () => NEW_GUID,
  utcNow: () => '2026-11-29T00:00:00Z',
  loadTextContent: ([path], where) => load(path, where),
  loadJsonContent: ([path], where) => JSON.parse(load(path, where)),
};

/** What a function of Bicep gives that goes by where the deployment is; undefined where it is none of these. */
export function callDeployment(name: string, args: readonly Value[], where: Where): Value | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]?.(args, where) : undefined;
}

/** A subscription and a group may stand before. */
function typeAndName(args: readonly Value[]): [string, string] {
  const at = args.findIndex((arg) => text(arg).includes('/'));
  return [
    text(args[at]),
    args
      .slice(at + 1)
      .map(text)
      .join('/'),
  ];
}

function load(path: Value | undefined, { sources, file }: Where): string {
  const name = join(dirname(file), text(path));
  const found = sources.get(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}
