import { webUrl } from './origin.ts';
import { type Refuse, readBy, type Schema } from './schema.ts';
import type { TablesSettings } from './settings.ts';
import { fromText } from './text-schema.ts';

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const ACCOUNT_NAME = /^[a-z0-9-]+$/;
const HOST = /^[A-Za-z0-9.-]+(?::\d+)?$/;

/** What the SDK takes `UseDevelopmentStorage=true` for. */
const DEVELOPMENT_ENDPOINT = 'http://127.0.0.1:10002/devstoreaccount1';

const secureOrLoopback = webUrl({ httpOnLoopback: true, query: false });

/** As many storage accounts as Azure lets one subscription have in a region. */
const PLACES_MAX = 250;

/** A list of storage accounts that one setting holds: each named once. */
export type TablesList = readonly [TablesSettings, ...TablesSettings[]];

/**
 * Commas between connection strings. One holds none itself, but for the protocols of a shared access signature, `spr=https,http`.
 *
 * @see https://learn.microsoft.com/rest/api/storageservices/create-account-sas
 */
export const BETWEEN_CONNECTION_STRINGS = /(?<!spr=https),|,(?!http(?:[&;,\s]|$))/;

/**
 * Several of what `one` reads, with commas between them. All mistakes are named, each with its place in the list where there is
 * more than one.
 *
 * @param between where the commas are between them, and not in one
 */
export function tablesList(one: Schema<TablesSettings>, between: string | RegExp = ','): Schema<TablesList> {
  return fromText((text, refuse) => {
    const texts = text.split(between).map((part) => part.trim());
    if (texts.length > PLACES_MAX) refuse(`must be at most ${PLACES_MAX}`);
    const refuseAt = (at: number, problem: string) =>
      refuse(texts.length === 1 ? problem : `entry ${at + 1} ${problem}`);
    const names: string[] = [];
    const read = texts.map((part, at): TablesSettings => {
      const parsed = readBy(one, part);
      if (!parsed.ok) {
        for (const { message } of parsed.issues) refuseAt(at, message);
        return NOWHERE;
      }
      const name = placeName(parsed.value);
      const same = names.indexOf(name);
      if (same !== -1) refuseAt(at, `is the same storage account as entry ${same + 1}`);
      names[at] = name;
      return parsed.value;
    });
    const [first = NOWHERE, ...others] = read;
    return [first, ...others];
  });
}

/** In place of what was refused: a list with a mistake in it is never used. */
const NOWHERE: TablesSettings = { kind: 'endpoint', endpoint: '' };

/**
 * What a storage account is called, whichever way it is reached: host and path of its tables. By it the keys are shared out, so
 * that it must never read differently for the same account.
 */
export function placeName(settings: TablesSettings): string {
  const { host, pathname } = new URL(settings.kind === 'endpoint' ? settings.endpoint : endpointOf(settings));
  // A name with the dot at its end is the same name.
  return host.replace(/\.(?=$|:)/, '') + pathname.replace(/\/+$/, '');
}

function endpointOf({ connectionString }: Extract<TablesSettings, { kind: 'connection-string' }>): string {
  const parts = connectionStringParts(connectionString);
  if (parts.get('usedevelopmentstorage')?.toLowerCase() === 'true') return DEVELOPMENT_ENDPOINT;
  const named = parts.get('tableendpoint');
  return named ? named : `https://${parts.get('accountname')}.table.${parts.get('endpointsuffix')}`;
}

/**
 * The parts of a connection string. Only forms that the Tables SDK takes are let through, which is stricter than Azure's
 * documentation: it knows no default protocol or endpoint suffix, and without `DefaultEndpointsProtocol` looks for a shared
 * access signature alone.
 *
 * @see https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
 */
export const tablesConnectionString: Schema<TablesSettings> = fromText((text, refuse) => {
  const parts = readParts(text, refuse);
  if (parts.get('usedevelopmentstorage')?.toLowerCase() !== 'true') {
    if (parts.has('sharedaccesssignature') && !parts.has('accountkey')) refuseUnlessSigned(parts, refuse);
    else refuseUnlessAccount(parts, refuse);
    const problem = endpointProblem(parts);
    if (problem !== undefined) refuse(problem);
  }
  return { kind: 'connection-string', connectionString: text };
});

/** The parts of one that was let through. Names in lower case; of two parts with one name the SDK takes the first. */
export function connectionStringParts(text: string): ReadonlyMap<string, string> {
  return readParts(text, () => {});
}

function readParts(text: string, refuse: Refuse): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const part of text.split(';').map((each) => each.trim())) {
    if (part === '') continue;
    const [, name, value = ''] = /^([A-Za-z]+)=(.*)$/s.exec(part) ?? [];
    if (name === undefined) refuse('must be Name=value parts with semicolons between them');
    else if (!parts.has(name.toLowerCase())) parts.set(name.toLowerCase(), value);
  }
  return parts;
}

function refuseUnlessSigned(parts: ReadonlyMap<string, string>, refuse: Refuse): void {
  if (!parts.get('sharedaccesssignature')) refuse('has an empty SharedAccessSignature');
  if (!parts.get('tableendpoint')) refuse('has a SharedAccessSignature but no TableEndpoint');
}

function refuseUnlessAccount(parts: ReadonlyMap<string, string>, refuse: Refuse): void {
  if (!/^https?$/i.test(parts.get('defaultendpointsprotocol') ?? '')) {
    refuse('has no DefaultEndpointsProtocol of https or http');
  }
  if (!ACCOUNT_NAME.test(parts.get('accountname') ?? '')) refuse('has no AccountName of a-z, 0-9 and -');
  if (!BASE64.test(parts.get('accountkey') ?? '')) refuse('has no AccountKey in base64');
  if (parts.get('tableendpoint')) return;
  if (!HOST.test(parts.get('endpointsuffix') ?? '')) refuse('has neither a TableEndpoint nor an EndpointSuffix');
  else if (parts.get('defaultendpointsprotocol')?.toLowerCase() === 'http') {
    refuse('has a DefaultEndpointsProtocol of http and no TableEndpoint on a loopback host: use https');
  }
}

function endpointProblem(parts: ReadonlyMap<string, string>): string | undefined {
  const endpoint = parts.get('tableendpoint');
  if (!endpoint) return undefined;
  const parsed = readBy(secureOrLoopback, endpoint);
  return parsed.ok ? undefined : `has a TableEndpoint that ${parsed.issues.map((issue) => issue.message).join(', ')}`;
}
