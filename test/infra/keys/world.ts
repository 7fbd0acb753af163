import type { Sighting } from '../../../infra/keys/instances.ts';
import { refetch } from '../../../infra/keys/refetch.ts';
import { openVault } from '../../../infra/keys/vault.ts';
import type { KeysWorld } from '../../../infra/keys/world.ts';
import { createTestAmbient, type TestAmbient } from '../../support/ambient.ts';
import { type StandInAzure, startAzure } from './azure.ts';

export const SECRET = 'session-keys';
export const SITE =
  '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-a/providers/Microsoft.Web/sites/func-a';
export const APP = 'https://app.contoso.com';

/** A vault, and instances that read their keys when they start, as the platform has them do. */
export interface TestWorld extends AsyncDisposable {
  readonly azure: StandInAzure;
  readonly world: KeysWorld;
  readonly ambient: TestAmbient;
  /** What was said, line by line. */
  readonly said: string[];
  /** What the vault has now. */
  readonly stored: () => string | undefined;
  /** By what each instance was started: the text of its `SESSION_KEYS`. */
  readonly instances: string[];
  /** Whether an instance that is told to start again does so at once; else it stays as it is. */
  restarts: boolean;
  /** The `SESSION_ABSOLUTE_MINUTES` of every instance. */
  absoluteMinutes: number;
}

export async function testWorld(instances: readonly string[] = []): Promise<TestWorld> {
  const azure = await startAzure();
  const ambient = createTestAmbient();
  azure.now = ambient.now;
  const said: string[] = [];
  const stored = () => azure.secrets.get(SECRET)?.at(-1)?.value;
  const test: Omit<TestWorld, 'world'> = {
    azure,
    ambient,
    said,
    stored,
    instances: [...instances],
    restarts: true,
    absoluteMinutes: 720,
    [Symbol.asyncDispose]: () => azure[Symbol.asyncDispose](),
  };
  let asked = 0;
  const ask = async (): Promise<Sighting | null> => {
    const at = asked++ % Math.max(test.instances.length, 1);
    const keys = test.instances[at];
    if (keys === undefined) return null;
    const opens = keys.split(',').map((entry) => entry.slice(0, entry.indexOf(':')));
    return { instance: `instance-${at}`, seals: opens[0] ?? '', opens, neededMinutes: test.absoluteMinutes };
  };
  const world: KeysWorld = {
    vault: openVault({ origin: azure.origin, secretName: SECRET, token: () => azure.token('vault') }),
    refetch: async () => {
      const refetched = await refetch({ origin: azure.origin, token: () => azure.token('arm') }, [SITE]);
      if (refetched === 'asked' && test.restarts) test.instances.fill(stored() ?? '');
      return refetched;
    },
    ask,
    apps: [APP],
    ambient,
    say: (line) => said.push(line),
  };
  return Object.assign(test, { world });
}

/** Keys of a value, without their ids: what nobody may say. */
export const secretsIn = (value: string): string[] =>
  value.split(',').map((entry) => entry.slice(entry.indexOf(':') + 1).replace(/=+$/, ''));
