import type { TypedData } from './functions-core.ts';

/**
 * The trigger metadata that the HTTP extension makes of a request: query parameters, then route values over them, then
 * `Query` and `Headers`, all in one map whose keys ignore case and keep the spelling that came first.
 *
 * In stream mode the library takes `request.params` and `request.headers` from this map. So, here as on Azure, a query
 * parameter shows up in `params`; one that spells a route parameter differently (`?NAME=x`) renames it; and one called
 * `Headers` stands in for all of the request's headers.
 *
 * @see https://github.com/Azure/azure-webjobs-sdk-extensions `HttpTriggerAttributeBindingProvider.GetRequestBindingData`
 */
export function httpBindingData(
  query: URLSearchParams,
  values: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): Record<string, TypedData> {
  const spelling = new Map<string, string>();
  const data: Record<string, TypedData> = Object.create(null);
  const set = (name: string, value: TypedData) => {
    const key = spelling.get(name.toUpperCase()) ?? name;
    spelling.set(name.toUpperCase(), key);
    data[key] = value;
  };
  for (const [name, value] of query) {
    // The function key's own parameter is not bound to.
    if (name.toLowerCase() !== 'code') set(name, { string: value });
  }
  for (const [name, value] of Object.entries(values)) set(name, { string: value });
  if (!spelling.has('QUERY')) set('Query', { json: JSON.stringify(Object.fromEntries(query)) });
  if (!spelling.has('HEADERS')) set('Headers', { json: JSON.stringify(headers) });
  return data;
}

/** Node.js's request headers as one string each, names in lower case. */
export function flatHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
