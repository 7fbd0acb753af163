import type { Ambient } from '../../shared/ambient/ambient.ts';
import { type AskInstance, PATIENCE, type Patience, type Sighting, type Waited, waitForAll } from './instances.ts';
import type { Refetched } from './refetch.ts';
import { type KeyState, readKeys } from './session-keys.ts';
import type { KeyVault, StoredKeys, VaultRefusal } from './vault.ts';
import { writeOnce } from './write-once.ts';

/** What the commands work with. */
export interface KeysWorld {
  readonly vault: KeyVault;
  /** Has the applications read the secret anew; null where nobody said which function apps they are. */
  readonly refetch: (() => Promise<Refetched>) | null;
  readonly ask: AskInstance;
  /** The origins of the applications that use the keys. */
  readonly apps: readonly string[];
  readonly ambient: Ambient;
  readonly say: (line: string) => void;
  readonly patience?: Patience;
}

/** What a command came to, for whoever waits for the process: 0, or 1 with the reason told. */
export type ExitCode = 0 | 1;

/** What the vault has; null where that is nothing to go on with, and then it is told why. */
export async function readState(
  world: KeysWorld,
): Promise<{ readonly state: KeyState; readonly stored: StoredKeys } | null> {
  const stored = await world.vault.read();
  if (stored.outcome === 'refused') refuse(world, stored.problem);
  if (stored.outcome === 'absent') refuse(world, 'there are no session keys in the vault: create makes them');
  if (stored.outcome !== 'found') return null;
  const read = readKeys(stored.value, stored.tag);
  if (!read.ok) refuse(world, `the secret ${read.problem}`);
  return read.ok ? { state: read.state, stored } : null;
}

/**
 * Writes in place of the version that was read (null: there was none). Who comes to be overtaken has only to begin again: what the
 * vault has then is what the other one made of it.
 */
export async function write(
  { vault }: KeysWorld,
  state: KeyState,
  version: string | null,
  neededMinutes = 0,
): Promise<{ readonly outcome: 'written'; readonly version: string } | VaultRefusal> {
  const written = await writeOnce(vault, state, version, neededMinutes);
  switch (written.outcome) {
    case 'written':
    case 'refused':
      return written;
    case 'overtaken':
      return { outcome: 'refused', problem: 'somebody else changed the secret meanwhile: begin again', passes: false };
    case 'crossed': {
      const versions = [written.version, ...written.others].join(', ');
      const problem = `two wrote the secret at the same moment (versions ${versions}), and one of them is hidden now. See that nothing else writes it, look at status, and begin again`;
      return { outcome: 'refused', problem, passes: false };
    }
  }
}

export async function askToRefetch(world: KeysWorld): Promise<ExitCode> {
  if (world.refetch === null) {
    world.say(
      'Restart the function apps now, so that they read the secret anew (--app-id does it); else they do so within 24 hours.',
    );
    return 0;
  }
  const refetched = await world.refetch();
  if (refetched !== 'asked') {
    return refuse(
      world,
      `the secret is written, but ${refetched.problem}. Run this again, or restart the function app`,
    );
  }
  world.say('The function apps were told to read it anew, and to start again.');
  return 0;
}

/** Null where somebody lost patience, and then it is told. */
export async function waitFor(
  world: KeysWorld,
  what: string,
  isAsWanted: (sighting: Sighting) => boolean,
): Promise<Waited | null> {
  const { ambient, ask, apps, say, patience = PATIENCE } = world;
  say(`Waiting until every instance ${what}.`);
  const waited = await waitForAll(ambient, ask, apps, isAsWanted, patience, (line) => say(`  ${line}`));
  if (waited.outcome === 'all') {
    say(`  for ${patience.quietMilliseconds / 1_000} s every answer said so, of ${waited.instances} instance(s).`);
    return waited;
  }
  refuse(
    world,
    `not every instance ${what}: look at status, restart the app, and run this again, which goes on from here`,
  );
  return null;
}

export function refuse({ say }: Pick<KeysWorld, 'say'>, problem: string): 1 {
  say(`Not done: ${problem}.`);
  return 1;
}

export const iso = (time: number): string => `${new Date(time).toISOString().slice(0, 16)}Z`;
