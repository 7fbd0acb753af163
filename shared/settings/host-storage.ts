import { isLoopbackHost } from './origin.ts';
import type { QueueSettings } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const NAME = 'AzureWebJobsStorage';

export type HostStorage =
  | { readonly ok: true; readonly queue: QueueSettings | null }
  | { readonly ok: false; readonly problem: string };

/**
 * Where the queue lies that the Functions host brings messages from: in its own storage, in either of the host's forms, a
 * connection string or an identity. Null where it has none, as a host without queues and timers may.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
 */
export function readHostStorage(environment: Environment): HostStorage {
  const value = (suffix: string): string => environment[`${NAME}${suffix}`]?.trim() ?? '';
  const connectionString = value('');
  if (connectionString !== '') {
    const [, endpoint] = /(?:^|;)\s*QueueEndpoint=([^;]+)/i.exec(connectionString) ?? [];
    if (endpoint !== undefined && !isSecure(endpoint)) {
      return { ok: false, problem: 'has a QueueEndpoint that is not https on a host that is not this machine' };
    }
    return { ok: true, queue: { kind: 'connection-string', connectionString } };
  }
  const accountName = value('__accountName');
  const endpoint = value('__queueServiceUri') || (accountName && `https://${accountName}.queue.core.windows.net`);
  if (endpoint === '') return { ok: true, queue: null };
  // The Storage SDK refuses to send a managed identity's token over http.
  if (URL.parse(endpoint)?.protocol !== 'https:')
    return { ok: false, problem: 'names a queue service that is not https' };
  const clientId = value('__clientId') || null;
  return { ok: true, queue: { kind: 'endpoint', endpoint, managedIdentityClientId: clientId } };
}

function isSecure(endpoint: string): boolean {
  const url = URL.parse(endpoint);
  return url !== null && (url.protocol === 'https:' || isLoopbackHost(url.hostname));
}
