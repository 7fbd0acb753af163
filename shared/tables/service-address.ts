import { connectionStringParts } from '../settings/tables.ts';

/** How a request of the Table service shows who asks. */
export type Signature =
  | { readonly kind: 'account-key'; readonly account: string; readonly key: Buffer }
  /** Query parameters, as they are sent. */
  | { readonly kind: 'access-signature'; readonly query: string };

export interface ServiceAddress {
  readonly origin: string;
  /** Comes before the table's name; it begins and ends with `/`. */
  readonly path: string;
}

export interface SignedAddress extends ServiceAddress {
  readonly signature: Signature;
}

/** What the SDK takes `UseDevelopmentStorage=true` for; the key is the one that every emulator has. */
const DEVELOPMENT_STORAGE =
  'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;TableEndpoint=http://127.0.0.1:10002/devstoreaccount1';

/** Parameters of which the SDK sends each as it is written: with a `=` more, or a `?` before them, it sends something else. */
const PLAIN_QUERY = /^[a-z]+=[\w.~:%+/-]+(?:&[a-z]+=[\w.~:%+/-]+)*$/;

/**
 * Where a connection string leads and how its requests are signed, as the SDK understands it.
 *
 * @returns null for any form that is unusual: the SDK may know what it means
 * @see https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
 */
export function signedAddress(connectionString: string): SignedAddress | null {
  const isDevelopment = connectionString.toLowerCase().includes('usedevelopmentstorage=true');
  const parts = connectionStringParts(isDevelopment ? DEVELOPMENT_STORAGE : connectionString);
  const part = (name: string): string => parts.get(name.toLowerCase()) ?? '';
  const [account, key] = [part('AccountName'), part('AccountKey')];
  const protocol = part('DefaultEndpointsProtocol').toLowerCase();
  if (protocol !== '' && key !== '') {
    const [endpoint, suffix] = [part('TableEndpoint'), part('EndpointSuffix')];
    if (account === '' || endpoint + suffix === '') return null;
    const address = serviceAddress(endpoint || `${protocol}://${account}.table.${suffix}`);
    return address && { ...address, signature: { kind: 'account-key', account, key: Buffer.from(key, 'base64') } };
  }
  const query = part('SharedAccessSignature');
  const address = serviceAddress(part('TableEndpoint'));
  return address && PLAIN_QUERY.test(query) ? { ...address, signature: { kind: 'access-signature', query } } : null;
}

/** An endpoint's origin and path; null for one that has more to it. */
export function serviceAddress(endpoint: string): ServiceAddress | null {
  const url = URL.parse(endpoint);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  if (url.username !== '' || url.password !== '' || /[?#]/.test(endpoint) || url.pathname.includes('//')) return null;
  return { origin: url.origin, path: url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/` };
}
