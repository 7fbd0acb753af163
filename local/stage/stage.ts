import { createApi } from '../api/api.ts';
import { type Azurite, startAzurite } from '../azurite.ts';
import { freePort } from '../free-port.ts';
import { createGraph, type LocalGraph } from '../graph/graph.ts';
import { DIRECTORY_PATH, directoryPage } from '../graph/page.ts';
import { type SpawnedHost, spawnHost } from '../host/spawn.ts';
import { raiseSecretless } from '../identity/secretless.ts';
import { createOp, type Op, type OpEvent } from '../op/op.ts';
import { TEST_USERS } from '../op/users.ts';
import {
  API_AUDIENCE,
  MAIL_AUDIENCE,
  registration,
  type StagedApplication,
  settingsOf,
  stageApplication,
} from './applications.ts';
import { OTLP_PATH, stagePages } from './pages.ts';
import { requireFreePorts } from './ports.ts';
import { sessionKeysFor } from './session-keys.ts';
import { createTelemetryReceiver, type TelemetryReceiver } from './telemetry-receiver.ts';

/** Ports of 0 are free ones. */
export interface StageOptions {
  readonly contosoPort?: number;
  readonly fabrikamPort?: number;
  readonly opPort?: number;
  readonly apiPort?: number;
  readonly graphPort?: number;
  readonly tablesPort?: number;
  readonly queuesPort?: number;
  readonly tokenSeconds?: number;
  readonly dialect?: 'entra' | 'standard';
  readonly backChannel?: boolean;
  readonly secretless?: boolean;
  readonly persist?: string | null;
  /** Settings of both applications over the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly onOpEvent?: (event: OpEvent) => void;
  /** Each line that an application's process writes. */
  readonly onLine?: (application: StagedApplication['name'], line: string) => void;
  /** A part has ended though nobody asked it to. */
  readonly onDeath?: (part: string) => void;
  /** Breaks the start off: what has come up by then is taken down. */
  readonly signal?: AbortSignal;
}

/** All that runs around the functions on a developer's machine. */
export interface Stage {
  readonly contoso: StagedApplication & { readonly host: SpawnedHost };
  readonly fabrikam: StagedApplication & { readonly host: SpawnedHost };
  readonly op: Op;
  readonly api: Awaited<ReturnType<typeof createApi>>;
  readonly apiOrigin: string;
  readonly graph: LocalGraph;
  readonly azurite: Azurite;
  /** What the applications have sent by OpenTelemetry. */
  readonly telemetry: TelemetryReceiver;
  /** Everything secret that this stage made up: client secrets and session keys. */
  readonly secrets: readonly string[];
  /** Ends every part; nothing is left behind. */
  stop(): Promise<void>;
}

/** Brings everything up, or, where one part does not come up, takes down what had and throws one clear line. */
export async function raiseStage(options: StageOptions = {}): Promise<Stage> {
  await requireFreePorts(options);
  const { signal } = options;
  const stops: (() => Promise<unknown>)[] = [];
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  const watch = (part: string, ended: Promise<unknown>): void => {
    void ended.then(() => {
      if (!stopping) options.onDeath?.(part);
    });
  };

  try {
    const azurite = await startAzurite({
      tablePort: options.tablesPort ?? 0,
      queuePort: options.queuesPort ?? 0,
      ...(options.persist && { folder: options.persist }),
      ...(signal && { signal }),
    });
    stops.push(() => azurite.stop());
    watch('Azurite', azurite.ended);

    const contoso = stageApplication('Contoso', options.contosoPort || (await freePort()));
    const fabrikam = stageApplication('Fabrikam', options.fabrikamPort || (await freePort()));
    const telemetry = createTelemetryReceiver();
    const pages = stagePages(() => azurite.tablesConnectionString, telemetry);
    const directory = directoryPage(() => graph);
    const op = await createOp({
      applications: [contoso, fabrikam].map((one) => registration(one, options.backChannel)),
      fallback: (request, response) => (request.url === DIRECTORY_PATH ? directory : pages)(request, response),
      links: [
        { path: '/rows', text: 'Stored rows' },
        { path: '/telemetry', text: 'Telemetry' },
        { path: DIRECTORY_PATH, text: 'Directory: disable, revoke or delete somebody' },
      ],
      ...(options.tokenSeconds !== undefined && { accessTokenSeconds: options.tokenSeconds }),
      ...(options.dialect && { dialect: options.dialect }),
      ...(options.onOpEvent && { onEvent: options.onOpEvent }),
    });
    const { port: opPort } = await op.listen(options.opPort ?? 0);
    stops.push(() => op.close());

    const around = options.secretless ? await raiseSecretless(op, azurite) : null;
    if (around !== null) {
      stops.push(() => around.stop());
      for (const one of [contoso, fabrikam]) op.register(around.federated(registration(one, options.backChannel)));
    }

    const tenant = new URL(op.issuer).pathname.split('/')[1] ?? '';
    const jwksUrl = `http://127.0.0.1:${opPort}/${tenant}/discovery/v2.0/keys`;
    const graph = directoryOf(op, { jwksUrl, tenant });
    await graph.listen(options.graphPort ?? 0);
    stops.push(() => graph.close());
    const api = createApi({ jwksUrl, issuer: op.issuer, audience: API_AUDIENCE, mailAudience: MAIL_AUDIENCE });
    const { port: apiPort } = await api.listen(options.apiPort ?? 0);
    stops.push(() => api.close());
    const apiOrigin = `http://127.0.0.1:${apiPort}`;

    signal?.throwIfAborted();
    const sessionKeys = await sessionKeysFor(options.persist ?? null);
    const raise = async (application: StagedApplication) => {
      const host = await spawnHost({
        port: application.port,
        environment: present({
          ...settingsOf(application, op, azurite, apiOrigin, sessionKeys, { tenant, url: graph.url }),
          ...telemetrySettings(application.name, `http://127.0.0.1:${opPort}${OTLP_PATH}`),
          ...around?.settings,
          ...options.settings,
        }),
        onLine: (line) => options.onLine?.(application.name, line),
        ...(signal && { signal }),
      });
      stops.push(() => host.stop());
      watch(application.name, host.exited);
      return { ...application, host };
    };
    const [first, second] = await both(raise(contoso), raise(fabrikam));
    signal?.throwIfAborted();
    const secrets = [contoso.clientSecret, fabrikam.clientSecret, sessionKeys.replace(/^[^:]*:/, '')];
    return { contoso: first, fabrikam: second, op, api, apiOrigin, graph, azurite, telemetry, secrets, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The directory of the OP's users: whom it disables or deletes the OP lets in no more, and whom it revokes it asks again. */
function directoryOf(op: Op, { jwksUrl, tenant }: { readonly jwksUrl: string; readonly tenant: string }): LocalGraph {
  return createGraph({
    jwksUrl,
    issuer: op.issuer,
    tenantId: tenant,
    people: TEST_USERS,
    onAction(oid, action) {
      if (action === 'enable') op.setBlocked(oid, false);
      else op.revokeUser(oid);
      if (action === 'disable' || action === 'delete') op.setBlocked(oid, true);
    },
  });
}

/** Without what is taken away. */
function present(settings: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).filter((each): each is [string, string] => each[1] !== undefined));
}

/** Waits for the other even where one fails: only what has come up can be taken down. */
async function both<T>(one: Promise<T>, other: Promise<T>): Promise<[T, T]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

/** Sent every second, for somebody who watches; by default it is a minute. */
function telemetrySettings(name: string, endpoint: string): Record<string, string> {
  return {
    OTEL_SERVICE_NAME: name,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_BSP_SCHEDULE_DELAY: '1000',
  };
}
