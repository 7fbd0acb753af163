import { createApi } from '../api/api.ts';
import { type Azurite, startAzurite } from '../azurite.ts';
import { freePort } from '../free-port.ts';
import { type SpawnedHost, spawnHost } from '../host/spawn.ts';
import { createOp, type Op, type OpEvent } from '../op/op.ts';
import { API_AUDIENCE, registration, type StagedApplication, settingsOf, stageApplication } from './applications.ts';
import { rowsPage } from './rows.ts';
import { sessionKeysFor } from './session-keys.ts';

/** Ports of 0 are free ones. */
export interface StageOptions {
  readonly contosoPort?: number;
  readonly fabrikamPort?: number;
  readonly opPort?: number;
  readonly apiPort?: number;
  readonly tablesPort?: number;
  readonly queuesPort?: number;
  readonly tokenSeconds?: number;
  readonly dialect?: 'entra' | 'standard';
  readonly persist?: string | null;
  /** Settings of both applications over the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly onOpEvent?: (event: OpEvent) => void;
  /** Each line that an application's process writes. */
  readonly onLine?: (application: StagedApplication['name'], line: string) => void;
  /** A part has ended though nobody asked it to. */
  readonly onDeath?: (part: string) => void;
}

/** All that runs around the functions on a developer's machine. */
export interface Stage {
  readonly contoso: StagedApplication & { readonly host: SpawnedHost };
  readonly fabrikam: StagedApplication & { readonly host: SpawnedHost };
  readonly op: Op;
  readonly api: Awaited<ReturnType<typeof createApi>>;
  readonly apiOrigin: string;
  readonly azurite: Azurite;
  /** Everything secret that this stage made up: client secrets and session keys. */
  readonly secrets: readonly string[];
  /** Ends every part; nothing is left behind. */
  stop(): Promise<void>;
}

/** Brings everything up, or, where one part does not come up, takes down what had and throws one clear line. */
export async function raiseStage(options: StageOptions = {}): Promise<Stage> {
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
    });
    stops.push(() => azurite.stop());
    watch('Azurite', azurite.ended);

    const contoso = stageApplication('Contoso', options.contosoPort || (await freePort()));
    const fabrikam = stageApplication('Fabrikam', options.fabrikamPort || (await freePort()));
    const op = await createOp({
      applications: [registration(contoso), registration(fabrikam)],
      fallback: rowsPage(() => azurite.tablesConnectionString),
      ...(options.tokenSeconds !== undefined && { accessTokenSeconds: options.tokenSeconds }),
      ...(options.dialect && { dialect: options.dialect }),
      ...(options.onOpEvent && { onEvent: options.onOpEvent }),
    });
    const { port: opPort } = await listen('the OpenID provider', op, options.opPort ?? 0);
    stops.push(() => op.close());

    const jwksUrl = `http://127.0.0.1:${opPort}${new URL(op.issuer).pathname.replace(/\/v2\.0$/, '')}/discovery/v2.0/keys`;
    const api = createApi({ jwksUrl, issuer: op.issuer, audience: API_AUDIENCE });
    const { port: apiPort } = await listen('the downstream API', api, options.apiPort ?? 0);
    stops.push(() => api.close());
    const apiOrigin = `http://127.0.0.1:${apiPort}`;

    const sessionKeys = await sessionKeysFor(options.persist ?? null);
    const raise = async (application: StagedApplication) => {
      const host = await spawnHost({
        port: application.port,
        environment: { ...settingsOf(application, op, azurite, apiOrigin, sessionKeys), ...options.settings },
        onLine: (line) => options.onLine?.(application.name, line),
      });
      stops.push(() => host.stop());
      watch(application.name, host.exited);
      return { ...application, host };
    };
    const [first, second] = await Promise.all([raise(contoso), raise(fabrikam)]);
    const secrets = [contoso.clientSecret, fabrikam.clientSecret, sessionKeys.replace(/^[^:]*:/, '')];
    return { contoso: first, fabrikam: second, op, api, apiOrigin, azurite, secrets, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listen<T>(part: string, server: { listen(port: number): Promise<T> }, port: number): Promise<T> {
  try {
    return await server.listen(port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(code === 'EADDRINUSE' ? `Port ${port}, for ${part}, is taken.` : `${part} did not start: ${code}`);
  }
}
