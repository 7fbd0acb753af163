import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { closeServer, listenOnLoopback } from '../op/listen.ts';

const PATH = '/msi/token';
const API_VERSION = '2019-08-01';
/** What Entra ID says of a resource that it does not know. */
const UNKNOWN_RESOURCE = 500011;
const LIFE_SECONDS_DEFAULT = 24 * 60 * 60;

/** Resources that every tenant of the public cloud has; those of another cloud it has not. */
const RESOURCES: ReadonlySet<string> = new Set([
  'api://AzureADTokenExchange',
  'https://graph.microsoft.com',
  'https://monitor.azure.com',
  'https://storage.azure.com',
]);

/** A user-assigned managed identity: a client id to ask for it by, and the object id of its service principal. */
export interface ManagedIdentity {
  readonly clientId: string;
  readonly principalId: string;
}

/** Makes an identity's token for a resource. @param expiresAt seconds since the epoch */
export type IssueToken = (identity: ManagedIdentity, resource: string, expiresAt: number) => Promise<string>;

export interface TokenRequest {
  readonly resource: string;
  readonly clientId: string | null;
  readonly status: number;
}

/** Where App Service gives out tokens of the identities that are assigned to a function app. */
export interface IdentityEndpoint {
  /** What App Service sets in the process of the function app. */
  readonly environment: { readonly IDENTITY_ENDPOINT: string; readonly IDENTITY_HEADER: string };
  /** Every request that was answered, in order. */
  readonly requests: readonly TokenRequest[];
  /** From now on. */
  issue: IssueToken;
  /** How long a token lives, from now on; by default a day, as in Azure. */
  lifeSeconds: number;
  /** The status that tokens for a resource are refused with, from now on; null, as by default, where they are given. */
  refuse: (resource: string) => number | null;
  /** Every request stands still before its answer until this resolves. */
  held: Promise<unknown>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Starts it on a free port of the loopback address.
 *
 * What it answers to a good request, and to an identity or a resource that is unknown, is what App Service is documented or
 * reported to answer. To a wrong header or another version it answers 401 and 400, which nothing tells of the real one.
 *
 * @param identities assigned to the function app
 * @param more resources that are known beside those of every tenant
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export async function startIdentityEndpoint(
  identities: readonly ManagedIdentity[],
  issue: IssueToken,
  more: readonly string[] = [],
): Promise<IdentityEndpoint> {
  const resources = new Set([...RESOURCES, ...more]);
  const header = randomUUID();
  const requests: TokenRequest[] = [];
  const server = createServer(async (request, response) => {
    const parameters = new URL(request.url ?? '/', 'http://platform').searchParams;
    await endpoint.held;
    const { status, body } = await answerTo(request, parameters);
    const asked = { resource: parameters.get('resource') ?? '', clientId: parameters.get('client_id') };
    requests.push({ ...asked, status });
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
  });

  async function answerTo({ headers, url = '' }: IncomingMessage, parameters: URLSearchParams): Promise<Answer> {
    if (!url.startsWith(`${PATH}?`)) return { status: 404, body: {} };
    if (headers['x-identity-header'] !== header)
      return refused(401, 'The header X-IDENTITY-HEADER is missing or wrong.');
    if (parameters.get('api-version') !== API_VERSION) return refused(400, 'The api-version is not supported.');
    const wanted = parameters.get('client_id')?.toLowerCase();
    const identity = identities.find(({ clientId }) => clientId.toLowerCase() === wanted);
    if (identity === undefined) {
      return refused(
        400,
        'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.',
      );
    }
    const resource = parameters.get('resource') ?? '';
    const status = endpoint.refuse(resource);
    if (status !== null) return refused(status, 'An unexpected error occurred.');
    if (!resources.has(resource.replace(/\/$/, ''))) return unknownResource(resource);
    const expiresAt = Math.floor(Date.now() / 1_000) + endpoint.lifeSeconds;
    return {
      status: 200,
      body: {
        access_token: await endpoint.issue(identity, resource, expiresAt),
        client_id: identity.clientId,
        expires_on: String(expiresAt),
        resource,
        token_type: 'Bearer',
      },
    };
  }

  const { port } = await listenOnLoopback(server, 0);
  const endpoint: IdentityEndpoint = {
    environment: { IDENTITY_ENDPOINT: `http://127.0.0.1:${port}${PATH}`, IDENTITY_HEADER: header },
    requests,
    issue,
    lifeSeconds: LIFE_SECONDS_DEFAULT,
    refuse: () => null,
    held: Promise.resolve(),
    close: () => closeServer(server),
  };
  return endpoint;
}

function refused(status: number, message: string): Answer {
  return { status, body: { statusCode: status, message, correlationId: randomUUID() } };
}

/** The error of Entra ID, in App Service's words. */
function unknownResource(resource: string): Answer {
  const exceptionMessage = `AADSTS${UNKNOWN_RESOURCE}: The resource principal named ${resource} was not found in the tenant.`;
  const error = { exceptionMessage, errorCode: 'invalid_resource', serviceErrorCodes: [String(UNKNOWN_RESOURCE)] };
  return { status: 400, body: { ...error, statusCode: 400, message: null, correlationId: randomUUID() } };
}
