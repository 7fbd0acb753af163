import { PATIENCE, type Sighting } from './instances.ts';
import { type KeyState, kidsOf, newEntry, readKeys } from './session-keys.ts';
import type { VaultRefusal } from './vault.ts';
import { askToRefetch, type ExitCode, iso, type KeysWorld, readState, refuse, write } from './world.ts';

/** A role assignment is in force after some minutes. @see https://learn.microsoft.com/azure/role-based-access-control/troubleshooting */
const SPREADS_MILLISECONDS_MAX = 10 * 60_000;
const TRY_AGAIN_MILLISECONDS = 15_000;

/**
 * `create`: writes a key where there is none. Where there is one it changes nothing, and sees to it that the applications have it: what
 * broke off between the two is mended by the next deployment.
 */
export async function create(world: KeysWorld): Promise<ExitCode> {
  const { vault, ambient, say } = world;
  const read = await insist(world, () => vault.read());
  if (read.outcome === 'refused') return refuse(world, read.problem);
  if (read.outcome === 'found') {
    const known = readKeys(read.value, read.tag);
    if (!known.ok) return refuse(world, `the secret is there, and ${known.problem}`);
    say(`The session keys are there (${kidsOf(known.state).join(', ')}).`);
    return (await areKnown(world)) ? 0 : askToRefetch(world);
  }
  const state: KeyState = { step: 'at-rest', entries: [newEntry(ambient.randomBytes, ambient.now(), [])] };
  const written = await insist(world, () => write(world, state, null));
  if (written.outcome === 'refused') return refuse(world, written.problem);
  say(`A session key was made: ${kidsOf(state)[0]}.`);
  return askToRefetch(world);
}

/** Whether each application that anybody named says that it has keys; before it is deployed, or with a failed reference, it does not. */
async function areKnown({ apps, ask, say }: KeysWorld): Promise<boolean> {
  const sightings = await Promise.all(apps.map(ask));
  const known = sightings.every((sighting) => sighting !== null);
  if (known) say('There is nothing to do.');
  return known;
}

/** `status`: the key ids, how far a rotation has come, and what the instances know. */
export async function status(world: KeysWorld): Promise<ExitCode> {
  const read = await readState(world);
  if (read === null) return 1;
  const { state, stored } = read;
  world.say(`In the vault: ${kidsOf(state).join(', ')} (${state.step}), written ${iso(stored.writtenAt)}.`);
  for (const app of world.apps) {
    const seen = new Map<string, Sighting>();
    const asks = Array.from({ length: (world.patience ?? PATIENCE).asksAtOnce }, () => world.ask(app));
    for (const sighting of await Promise.all(asks)) if (sighting !== null) seen.set(sighting.instance, sighting);
    if (seen.size === 0) world.say(`${app}: no instance says.`);
    for (const { instance, seals, opens } of seen.values()) {
      world.say(`${app} ${instance}: seals with ${seals}, opens ${opens.join(', ')}`);
    }
  }
  return 0;
}

/** Tries again what passes with time: after a deployment a role assignment takes minutes to be in force, and a vault to have a name. */
async function insist<T extends { readonly outcome: string }>(
  { ambient, say }: KeysWorld,
  work: () => Promise<T | VaultRefusal>,
): Promise<T | VaultRefusal> {
  const until = ambient.monotonic() + SPREADS_MILLISECONDS_MAX;
  for (let told = false; ; told = true) {
    const done = await work();
    if (!isPassing(done) || ambient.monotonic() >= until) return done;
    if (!told) say(`Not yet: ${done.problem}. Trying again for ${SPREADS_MILLISECONDS_MAX / 60_000} minutes.`);
    await ambient.sleep(TRY_AGAIN_MILLISECONDS);
  }
}

const isPassing = (done: { readonly outcome: string }): done is VaultRefusal =>
  done.outcome === 'refused' && (done as VaultRefusal).passes;
