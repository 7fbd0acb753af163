type Arity = readonly [least: number, most: number];

const MANY = Number.POSITIVE_INFINITY;

/**
 * How many arguments the functions of Bicep take that are known here; of those of templates that Bicep has not (`createArray`,
 * `coalesce`, `if`…) none is.
 *
 * @see https://github.com/Azure/bicep/blob/main/src/Bicep.Core/Semantics/Namespaces/SystemNamespaceType.cs
 */
export const ARITIES: Readonly<Record<string, Arity>> = {
  any: [1, 1],
  array: [1, 1],
  base64: [1, 1],
  base64ToString: [1, 1],
  bool: [1, 1],
  concat: [1, MANY],
  contains: [2, 2],
  deployer: [0, 0],
  deployment: [0, 0],
  empty: [1, 1],
  endsWith: [2, 2],
  environment: [0, 0],
  extensionResourceId: [3, MANY],
  filter: [2, 2],
  first: [1, 1],
  flatten: [1, 1],
  format: [1, MANY],
  guid: [1, MANY],
  indexOf: [2, 2],
  int: [1, 1],
  items: [1, 1],
  join: [2, 2],
  json: [1, 1],
  last: [1, 1],
  length: [1, 1],
  loadJsonContent: [1, 3],
  loadTextContent: [1, 2],
  map: [2, 2],
  mapValues: [2, 2],
  max: [1, MANY],
  min: [1, MANY],
  newGuid: [0, 0],
  objectKeys: [1, 1],
  padLeft: [2, 3],
  range: [2, 2],
  reduce: [3, 3],
  reference: [1, 3],
  replace: [3, 3],
  resourceGroup: [0, 2],
  resourceId: [2, MANY],
  shallowMerge: [1, 1],
  skip: [2, 2],
  sort: [2, 2],
  split: [2, 2],
  startsWith: [2, 2],
  string: [1, 1],
  subscription: [0, 1],
  subscriptionResourceId: [2, MANY],
  substring: [2, 3],
  take: [2, 2],
  tenant: [0, 0],
  tenantResourceId: [2, MANY],
  toLower: [1, 1],
  toObject: [2, 3],
  toUpper: [1, 1],
  trim: [1, 1],
  union: [2, MANY],
  uniqueString: [1, MANY],
  uri: [2, 2],
  uriComponent: [1, 1],
  utcNow: [0, 1],
};

/** What is wrong with so many arguments, for a function or a decorator; null where nothing is. */
export function problemWithCount(name: string, [least, most]: Arity, count: number): string | null {
  if (count >= least && count <= most) return null;
  const wanted = most === MANY ? `at least ${least}` : least === most ? `${least}` : `${least} to ${most}`;
  return `"${name}" takes ${wanted} argument${wanted.endsWith('1') ? '' : 's'}, not ${count}`;
}
