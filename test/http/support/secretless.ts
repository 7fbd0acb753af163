import { type IdentityEndpoint, startIdentityEndpoint } from '../../../local/identity/identity-endpoint.ts';
import { raiseSecretless, type Secretless } from '../../../local/identity/secretless.ts';
import type { IdentityTokenWishes } from '../../../local/op/identity-token.ts';
import { registration } from '../../../local/stage/applications.ts';
import { type RunningApp, raiseWorld, type World } from './world.ts';

/** A world, and around it what a function app has in Azure: an identity, and storage that takes its tokens alone. */
export interface SecretlessGround {
  readonly world: World;
  readonly around: Secretless;
  /** An application that has an identity and no secret. */
  readonly app: RunningApp;
  /** One more, which keeps no token: the platform that it asks gives it such as end at once. */
  readonly forgetful: RunningApp;
  readonly platform: IdentityEndpoint;
}

export async function raiseSecretlessGround(...parameters: Parameters<typeof raiseWorld>): Promise<SecretlessGround> {
  const world = await raiseWorld(...parameters);
  return over(world).catch(async (error) => {
    await world.stop();
    throw error;
  });
}

async function over(world: World): Promise<SecretlessGround> {
  const around = await raiseSecretless(world.op, world.azurite);
  const platform = await startIdentityEndpoint([around.identity], (identity, resource) =>
    world.op.identityToken(identity, { resource, expiresAt: inAnHour() }),
  );
  platform.lifeSeconds = 0;
  const start = async (changes: Readonly<Record<string, string>> = {}): Promise<RunningApp> => {
    const app = await world.startApp({ ...around.settings, ...changes });
    world.op.register(around.federated(registration(app)));
    return app;
  };
  const [app, forgetful] = await Promise.all([start(), start(platform.environment)]);
  return { world, around, app, forgetful, platform };
}

export async function endSecretlessGround({ world, around, platform }: SecretlessGround): Promise<void> {
  await world.stop();
  await Promise.all([around.stop(), platform.close()]);
}

const inAnHour = (): number => Math.floor(Date.now() / 1_000) + 3_600;

/** What is wrong with a token: its claims, its key, or what is made of it. */
export type Flaw = Pick<IdentityTokenWishes, 'claims' | 'key'> & {
  readonly made?: (token: string) => string;
};

/** Has the forgetful application get tokens for one resource in which something is wrong, while something is done. */
export async function withFlaw<Result>(
  { world: { op }, platform }: SecretlessGround,
  flawed: string,
  { made = (token) => token, ...wishes }: Flaw,
  work: () => Promise<Result>,
): Promise<Result> {
  const { issue } = platform;
  platform.issue = async (identity, resource, expiresAt) => {
    if (resource !== flawed) return issue(identity, resource, expiresAt);
    return made(await op.identityToken(identity, { resource, expiresAt: inAnHour(), ...wishes }));
  };
  try {
    return await work();
  } finally {
    platform.issue = issue;
  }
}
