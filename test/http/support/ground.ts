import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { type Claims, type MakeIdToken, type ScriptedOp, startScriptedOp } from './scripted-op.ts';
import { RAISE_MILLISECONDS, type RunningApp, raiseWorld, type World } from './world.ts';

/**
 * Has something raised before the tests of a file, and ended after them.
 *
 * @returns what stands for it inside tests: an object that is empty until then, and has the same members from then on
 */
export function duringTests<Raised extends object>(
  raise: () => Promise<Raised>,
  end?: (raised: Raised) => Promise<unknown>,
): Raised {
  const standIn = {} as Raised;
  let raised: Raised | undefined;
  beforeAll(async () => {
    raised = await raise();
    Object.assign(standIn, raised);
  }, RAISE_MILLISECONDS);
  afterAll(async () => {
    if (raised !== undefined) await end?.(raised);
  });
  return standIn;
}

type Changes = Parameters<typeof raiseWorld>[0];

/**
 * A world of the local OP, at which people can sign in, during the tests of a file.
 *
 * @param changes of its applications' settings; a function where they are known only when the tests begin
 */
export function localWorld(changes?: Changes | (() => Changes), options?: Parameters<typeof raiseWorld>[1]): World {
  return duringTests(
    () => raiseWorld(typeof changes === 'function' ? changes() : changes, options),
    (world) => world.stop(),
  );
}

/** A real host, real storage, and an OP of which each word can be written. */
export interface ScriptedGround {
  readonly world: World;
  readonly op: ScriptedOp;
  /** Uses the scripted OP. */
  readonly app: RunningApp;
}

/** Raises it during the tests of a file, and has the OP behave again before each; to be read inside tests. */
export function scriptedGround(
  settings: (op: ScriptedOp) => Readonly<Record<string, string>> = () => ({}),
): ScriptedGround {
  // Nothing stands in for the OP, which reads from its own members what a test writes there.
  let op: ScriptedOp;
  beforeAll(async () => {
    op = await startScriptedOp();
  });
  const world = localWorld(() => ({ ...op.settings, ...settings(op) }));
  afterAll(() => op.close());
  beforeEach(() => {
    op.idToken = (good) => op.sign(good);
    op.tokenResponse = {};
  });
  return {
    world,
    get op() {
      return op;
    },
    get app() {
      return world.app;
    },
  };
}

/** Good claims with some changed; an undefined one is left out. */
export const changed =
  (ground: ScriptedGround, changes: Claims): MakeIdToken =>
  (good) =>
    ground.op.sign({ ...good, ...changes });

/** Runs an application of an OP whose metadata has these members over its usual ones. */
export async function withMetadata<Result>(
  { op, world }: ScriptedGround,
  metadata: Readonly<Record<string, unknown>>,
  use: (app: RunningApp) => Promise<Result>,
): Promise<Result> {
  Object.assign(op.metadata, metadata);
  const app = await world.startApp();
  try {
    return await use(app);
  } finally {
    await app.host.stop();
    for (const name of Object.keys(metadata)) delete op.metadata[name];
  }
}
