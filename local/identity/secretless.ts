import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Azurite } from '../azurite.ts';
import { TOKEN_EXCHANGE } from '../op/identity-token.ts';
import type { Application, Op } from '../op/op.ts';
import { createAuthority } from './certificates.ts';
import { type IdentityEndpoint, type ManagedIdentity, startIdentityEndpoint } from './identity-endpoint.ts';
import type { KeyedAccount, Service } from './shared-key.ts';
import { createStorageCheck } from './storage-check.ts';
import { type StorageFront, startStorageFront } from './storage-front.ts';

/** A function app's surroundings as they are in Azure, where it has an identity and no secret. */
export interface Secretless {
  /** The one that is assigned to the function app, and that has the data roles. */
  readonly identity: ManagedIdentity;
  /** Assigned too, and without a role anywhere. */
  readonly stranger: ManagedIdentity;
  readonly platform: IdentityEndpoint;
  readonly tables: StorageFront;
  readonly queues: StorageFront;
  /** Object ids of who has the data role at each: to add and to take away. */
  readonly roles: Readonly<Record<Service, Set<string>>>;
  /** Over an application's settings with secrets: those are taken away. */
  readonly settings: Readonly<Record<string, string | undefined>>;
  /** An application's registration, of which the identity's tokens are the one credential. */
  federated(application: Application): Application;
  stop(): Promise<void>;
}

/**
 * Raises it around a running OP, which issues the identity's tokens as Entra ID does, and a running Azurite.
 */
export async function raiseSecretless(op: Op, azurite: Azurite): Promise<Secretless> {
  const [identity, stranger] = [newIdentity(), newIdentity()];
  const platform = await startIdentityEndpoint([identity, stranger], (principal, resource, expiresAt) =>
    op.identityToken(principal, { resource, expiresAt }),
  );
  const authority = createAuthority(Date.now());
  const { jwksUrl, servicesIssuer: issuer } = op;
  const roles = { table: new Set([identity.principalId]), queue: new Set([identity.principalId]) };
  const front = (service: Service, connectionString: string): Promise<StorageFront> =>
    startStorageFront({
      service,
      target: part(connectionString, service === 'table' ? 'TableEndpoint' : 'QueueEndpoint'),
      account: accountOf(connectionString),
      certificate: authority.issue('127.0.0.1'),
      check: createStorageCheck({ jwksUrl, issuer, roles: roles[service] }),
      authorizationUri: `${issuer}oauth2/authorize`,
    });
  const tables = await front('table', azurite.tablesConnectionString);
  const queues = await front('queue', azurite.queueConnectionString);
  const folder = await mkdtemp(join(tmpdir(), 'exeunt-authority-'));
  const certificate = join(folder, 'authority.pem');
  await writeFile(certificate, authority.certificate);
  const { clientId } = identity;
  return {
    identity,
    stranger,
    platform,
    tables,
    queues,
    roles,
    settings: {
      AUTH_CLIENT_SECRET: undefined,
      AUTH_CLIENT_CERTIFICATE: undefined,
      AUTH_MANAGED_IDENTITY_CLIENT_ID: clientId,
      TABLES_CONNECTION_STRING: undefined,
      TABLES_ENDPOINT: tables.endpoint,
      AzureWebJobsStorage: undefined,
      AzureWebJobsStorage__credential: 'managedidentity',
      AzureWebJobsStorage__clientId: clientId,
      AzureWebJobsStorage__queueServiceUri: queues.endpoint,
      NODE_EXTRA_CA_CERTS: certificate,
      ...platform.environment,
    },
    federated: (application) => ({
      ...application,
      federatedCredentials: [{ issuer: op.issuer, subject: identity.principalId, audience: TOKEN_EXCHANGE }],
    }),
    async stop() {
      await Promise.all([platform, tables, queues].map((each) => each.close()));
      await rm(folder, { recursive: true });
    },
  };
}

const newIdentity = (): ManagedIdentity => ({ clientId: randomUUID(), principalId: randomUUID() });

function accountOf(connectionString: string): KeyedAccount {
  return { account: part(connectionString, 'AccountName'), key: part(connectionString, 'AccountKey') };
}

/** Azurite's, in which no part is missing. */
function part(connectionString: string, name: string): string {
  return new RegExp(`(?:^|;)${name}=([^;]+)`).exec(connectionString)?.[1] ?? '';
}
