import type { QueueServiceClient, StoragePipelineOptions } from '@azure/storage-queue';
import { HostError } from './host-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const OPTIONS: StoragePipelineOptions = { retryOptions: { maxTries: 1 } };

/**
 * The queue service that a trigger's `connection` names: by a connection string, or as a managed identity, by
 * `{connection}__queueServiceUri` and `{connection}__clientId`.
 *
 * @returns null where it names none
 * @see https://learn.microsoft.com/azure/azure-functions/functions-reference#configure-an-identity-based-connection
 */
export async function queueService(connection: string, environment: Environment): Promise<QueueServiceClient | null> {
  const setting = (suffix: string): string =>
    environment[`AzureWebJobs${connection}${suffix}`] || environment[`${connection}${suffix}`] || '';
  const [connectionString, endpoint, clientId] = ['', '__queueServiceUri', '__clientId'].map(setting);
  if (!connectionString && !endpoint) return null;
  // Only now: the SDKs take long to import, and most apps that this host runs have no queue.
  const { QueueServiceClient: Client } = await import('@azure/storage-queue');
  if (!connectionString) {
    const { ManagedIdentityCredential } = await import('@azure/identity');
    const credential = clientId ? new ManagedIdentityCredential({ clientId }) : new ManagedIdentityCredential();
    return new Client(endpoint as string, credential, OPTIONS);
  }
  try {
    return Client.fromConnectionString(connectionString, OPTIONS);
  } catch {
    // The SDK's own message could hold the key.
    throw new HostError(`${connection} is not a connection string of a storage account`);
  }
}
