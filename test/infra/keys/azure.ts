import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the real vault refuses this one refuses: it stands in for the REST API of Key Vault's secrets, and for two actions of ARM. */
export interface StandInAzure extends AsyncDisposable {
  readonly origin: string;
  /** Tokens as somebody who is signed in gets them: each for one audience. */
  token(audience: 'vault' | 'arm' | 'graph'): Promise<string>;
  /** The versions of secrets by name, the newest last. */
  readonly secrets: Map<string, StoredVersion[]>;
  /** Names of secrets that were deleted, and can be had back. */
  readonly deleted: Set<string>;
  /** What was asked of ARM, in order: paths with their queries. */
  readonly actions: string[];
  /** So many calls from now on are refused, as long as a role assignment spreads. */
  forbidden: number;
  /** By the vault's clock, milliseconds since the epoch. */
  now: () => number;
  /** Happens right before the next write is done: the race that nobody can lock out. */
  beforeWrite: (() => void) | undefined;
  /** The bodies of all answers that were refusals. */
  readonly refusals: string[];
}

export interface StoredVersion {
  readonly version: string;
  readonly value: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly created: number;
  enabled: boolean;
}

const TENANT = '11111111-2222-3333-4444-555555555555';
const PAGE = 2;

interface Said {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const refusal = (status: number, code: string, inner?: string): Said => ({
  status,
  body: { error: { code, message: `A message about ${code}.`, ...(inner && { innererror: { code: inner } }) } },
});

export async function startAzure(): Promise<StandInAzure> {
  let versionCount = 0;
  const azure: Omit<StandInAzure, 'origin' | typeof Symbol.asyncDispose> = {
    token: async (audience) => `token-for-${audience}`,
    secrets: new Map(),
    deleted: new Set(),
    actions: [],
    forbidden: 0,
    now: Date.now,
    beforeWrite: undefined,
    refusals: [],
  };

  function vault(method: string, url: URL, body: string): Said {
    const [, , name = '', more] = url.pathname.split('/');
    if (!/^\d+\.\d+$|^\d{4}-\d\d-\d\d$/.test(url.searchParams.get('api-version') ?? '')) {
      return refusal(400, 'BadParameter');
    }
    const versions = azure.secrets.get(name);
    const bundle = ({ version, value, tags, created, enabled }: StoredVersion) => ({
      value,
      id: `${origin}/secrets/${name}/${version}`,
      attributes: { enabled, created: Math.floor(created / 1_000) },
      tags,
    });
    if (method === 'PUT' && more === undefined) {
      azure.beforeWrite?.();
      azure.beforeWrite = undefined;
      if (azure.deleted.has(name)) return refusal(409, 'Conflict', 'ObjectIsDeletedButRecoverable');
      const { value, tags = {} } = JSON.parse(body) as { value: unknown; tags?: Record<string, string> };
      if (typeof value !== 'string' || value === '' || value.length > 25_000) return refusal(400, 'BadParameter');
      return { status: 200, body: bundle(put(name, value, tags)) };
    }
    const newest = versions?.at(-1);
    if (versions === undefined || newest === undefined) return refusal(404, 'SecretNotFound');
    if (method === 'GET' && more === undefined) {
      return newest.enabled ? { status: 200, body: bundle(newest) } : refusal(403, 'Forbidden', 'SecretDisabled');
    }
    if (method !== 'GET' || more !== 'versions') return refusal(405, 'BadParameter');
    const from = Number(url.searchParams.get('$skiptoken') ?? 0);
    const page = versions.slice(from, from + PAGE).map((one) => {
      const { value: _, ...shown } = bundle(one);
      return shown;
    });
    const rest = `${origin}/secrets/${name}/versions?api-version=7.6&$skiptoken=${from + PAGE}`;
    return { status: 200, body: { value: page, nextLink: from + PAGE < versions.length ? rest : null } };
  }

  function put(name: string, value: string, tags: Readonly<Record<string, string>>): StoredVersion {
    versionCount += 1;
    const version = versionCount.toString(16).padStart(32, '0');
    const stored = { version, value, tags, created: azure.now(), enabled: true };
    azure.secrets.set(name, [...(azure.secrets.get(name) ?? []), stored]);
    return stored;
  }

  async function answer(request: IncomingMessage): Promise<Said> {
    const url = new URL(request.url ?? '/', origin);
    const isVault = url.pathname.startsWith('/secrets/');
    const { authorization } = request.headers;
    if (authorization !== `Bearer token-for-${isVault ? 'vault' : 'arm'}`) {
      const challenge = `Bearer authorization="https://login.example/${TENANT}", resource="https://vault.azure.net"`;
      return { ...refusal(401, 'Unauthorized'), headers: { 'www-authenticate': challenge } };
    }
    const body = await text(request);
    if (azure.forbidden > 0) {
      azure.forbidden -= 1;
      return refusal(403, 'Forbidden', 'ForbiddenByRbac');
    }
    if (isVault) return vault(request.method ?? '', url, body);
    const isAction =
      /\/providers\/Microsoft\.Web\/sites\/[^/]+\/(?:config\/configreferences\/appsettings\/refresh|restart)$/.test(
        url.pathname,
      );
    if (request.method !== 'POST' || !isAction) return refusal(404, 'ResourceNotFound');
    azure.actions.push(url.pathname + url.search);
    return { status: 200, body: {} };
  }

  const server = createServer(async (request, response) => {
    const { status, body, headers = {} } = await answer(request);
    const said = JSON.stringify(body);
    if (status >= 400) azure.refusals.push(said);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(said);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(azure, {
    origin,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  });
}
