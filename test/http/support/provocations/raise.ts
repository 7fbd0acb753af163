import { type DirectoryWorld, directoryWorld } from '../directory.ts';
import { duringTests } from '../ground.ts';
import { OPERATOR_AUDIENCE, tenantOf } from '../operator.ts';
import { startScriptedOp } from '../scripted-op.ts';
import { bringIn } from '../sign-in.ts';
import { NOWHERE, REQUEST_BYTES_MAX, type Scene, STEP_UP } from './scene.ts';

const TABLES_NOWHERE = {
  TABLES_CONNECTION_STRING: `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;TableEndpoint=${NOWHERE}/a`,
};
const QUEUES_NOWHERE = {
  AzureWebJobsStorage: `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;QueueEndpoint=${NOWHERE}/a;BlobEndpoint=${NOWHERE}/a;TableEndpoint=${NOWHERE}/a`,
};

/** Stands during the tests of a file. */
export function scene(): Scene {
  const world = directoryWorld();
  return duringTests(
    () => raise(world),
    ({ op }) => op.close(),
  );
}

async function raise(world: DirectoryWorld): Promise<Scene> {
  const op = await startScriptedOp();
  const apis = JSON.parse(world.app.environment.DOWNSTREAM_APIS ?? '{}');
  const odd = { ...apis.odd, timeoutSeconds: 1, requestBytesMax: REQUEST_BYTES_MAX, stepUp: [STEP_UP] };
  const app = await world.startSubscribed({ DOWNSTREAM_APIS: JSON.stringify({ ...apis, odd, long: apis.odd }) });
  const instance = async (changes: Readonly<Record<string, string>>) => ({
    ...app,
    host: await world.startInstance(app, changes),
  });
  const scripted = { ...op.settings, OPERATOR_AUDIENCE, OPERATOR_TENANT: tenantOf(op.issuer) };
  return {
    world,
    app,
    op,
    visitor: await bringIn(world, world.newPerson(), app),
    scripted: await world.startApp(scripted),
    withoutTables: await instance(TABLES_NOWHERE),
    withoutStorage: await instance({ ...TABLES_NOWHERE, ...QUEUES_NOWHERE }),
  };
}
