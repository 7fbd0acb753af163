import { webUrl } from './origin.ts';
import type { TablesSettings } from './settings.ts';
import { fromText, type Refuse, type TextSchema } from './text-schema.ts';

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const ACCOUNT_NAME = /^[a-z0-9-]+$/;
const HOST = /^[A-Za-z0-9.-]+(?::\d+)?$/;

const secureOrLoopback = webUrl({ httpOnLoopback: true, query: false });

/**
 * The parts of a connection string. Only forms that the Tables SDK takes are let through, which is stricter than Azure's
 * documentation: it knows no default protocol or endpoint suffix, and without `DefaultEndpointsProtocol` looks for a shared
 * access signature alone.
 *
 * @see https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
 */
export const tablesConnectionString: TextSchema<TablesSettings> = fromText((text, refuse) => {
  const parts = readParts(text, refuse);
  if (parts.get('usedevelopmentstorage')?.toLowerCase() !== 'true') {
    if (parts.has('sharedaccesssignature') && !parts.has('accountkey')) refuseUnlessSigned(parts, refuse);
    else refuseUnlessAccount(parts, refuse);
    const problem = endpointProblem(parts);
    if (problem !== undefined) refuse(problem);
  }
  return { kind: 'connection-string', connectionString: text };
});

/** Names in lower case; of two parts with one name the SDK takes the first. */
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
  const parsed = secureOrLoopback.safeParse(endpoint);
  return parsed.success
    ? undefined
    : `has a TableEndpoint that ${parsed.error.issues.map((issue) => issue.message).join(', ')}`;
}
