import type { Sighting, Waited } from './instances.ts';
import { atRest, type KeyState, kidsOf, newEntry, sealing, spreading } from './session-keys.ts';
import type { StoredKeys } from './vault.ts';
import { askToRefetch, type ExitCode, iso, type KeysWorld, readState, refuse, waitFor, write } from './world.ts';

/** Within a day the platform has fetched a secret anew of its own accord: until then somebody may have sealed by the old key. */
const REFETCHED_WITHIN_MINUTES = 24 * 60;
const MARGIN_MINUTES = 60;

/**
 * `rotate`: a new key second, until every instance opens it; then first, until every instance seals with it. Wherever it breaks
 * off, it goes on from what the vault has.
 */
export async function rotate(world: KeysWorld): Promise<ExitCode> {
  const read = await readState(world);
  if (read === null) return 1;
  let { state, version } = { state: read.state, version: read.stored.version };
  let needed = rememberedMinutes(read, world.ambient.now());
  const isResumed = state.step === 'sealing';
  if (state.step === 'at-rest') {
    const { randomBytes, now } = world.ambient;
    const next = spreading(state, newEntry(randomBytes, now(), kidsOf(state)));
    const written = await write(world, next, version, needed);
    if (written.outcome === 'refused') return refuse(world, written.problem);
    [state, version] = [next, written.version];
    world.say(`Step 1 of 2: ${kidsOf(state)[1]} is in the vault. It opens, and does not seal yet.`);
  }
  if (state.step === 'spreading') {
    const [, added = ''] = kidsOf(state);
    if ((await askToRefetch(world)) !== 0) return 1;
    const waited = await waitFor(world, `opens ${added}`, ({ opens }) => opens.includes(added));
    if (waited === null) return 1;
    needed = Math.max(needed, waited.neededMinutes);
    const next = sealing(state);
    const written = await write(world, next, version, needed);
    if (written.outcome === 'refused') return refuse(world, written.problem);
    state = next;
    world.say(`Step 2 of 2: ${added} comes first in the vault, and seals.`);
  }
  return finish(world, state, isResumed);
}

/** The second step's end: it is the same for who has just written it and for who comes back to it. */
async function finish(world: KeysWorld, state: KeyState, isResumed: boolean): Promise<ExitCode> {
  const [seals, old] = kidsOf(state);
  if ((await askToRefetch(world)) !== 0) return 1;
  const waited = await waitFor(world, `seals with ${seals}`, (sighting) => sighting.seals === seals);
  if (waited === null) return 1;
  const read = await readState(world);
  if (read === null) return 1;
  const droppable = droppableAt(read.stored, waited);
  const from = iso(droppable);
  // Whoever rotates by the calendar would else hear of success for ever, and have one key for ever.
  if (isResumed && world.ambient.now() >= droppable) {
    return refuse(world, `the last rotation waits for drop-old since ${from}: that first, and rotate makes a new key`);
  }
  world.say(`Rotated. ${old} still opens what it sealed; drop-old takes it away, from ${from} on.`);
  return 0;
}

/** `drop-old`: the old key goes, when nothing that it sealed can be alive any more. */
export async function dropOld(world: KeysWorld, force: boolean): Promise<ExitCode> {
  const read = await readState(world);
  if (read === null) return 1;
  const { state, stored } = read;
  const [seals, old] = kidsOf(state);
  if (state.step === 'at-rest') {
    world.say(`${seals} is the only key: nothing to do.`);
    return 0;
  }
  if (state.step === 'spreading') return refuse(world, `${old} is being added: go on with rotate`);
  let needed = stored.neededMinutes;
  if (!force) {
    const waited = await waitFor(world, `seals with ${seals}`, (sighting) => sighting.seals === seals);
    if (waited === null) return 1;
    needed = Math.max(needed, waited.neededMinutes);
    const from = droppableAt(stored, waited);
    if (world.ambient.now() < from) {
      const forced = '--force drops it now, and signs out whom it serves';
      return refuse(world, `${old} may still be needed until ${iso(from)}; ${forced}`);
    }
  }
  const written = await write(world, atRest(state), stored.version, needed);
  if (written.outcome === 'refused') return refuse(world, written.problem);
  world.say(`${old} is gone from the newest version of the secret: ${seals} is the only key.`);
  return askToRefetch(world);
}

/** `replace`: a new key alone, for one that somebody has seen. Everybody has to sign in anew, and what is stored opens for nobody. */
export async function replace(world: KeysWorld): Promise<ExitCode> {
  const read = await readState(world);
  if (read === null) return 1;
  const { randomBytes, now } = world.ambient;
  const state: KeyState = { step: 'at-rest', entries: [newEntry(randomBytes, now(), kidsOf(read.state))] };
  const [kid = ''] = kidsOf(state);
  const written = await write(world, state, read.stored.version);
  if (written.outcome === 'refused') return refuse(world, written.problem);
  world.say(`${kid} is the only key now: whoever was signed in is signed out, as soon as every instance has it.`);
  if ((await askToRefetch(world)) !== 0) return 1;
  const isAlone = ({ opens }: Sighting): boolean => opens.length === 1 && opens[0] === kid;
  return (await waitFor(world, `opens ${kid} alone`, isAlone)) === null ? 1 : 0;
}

/**
 * When nothing that the old key sealed can be alive: the last of it was sealed within a day of the write, by an instance that had not heard.
 * What instances say now may have been lowered since; a session lives as long as it was to when it began.
 */
function droppableAt({ writtenAt, neededMinutes }: StoredKeys, waited: Waited): number {
  const needed = Math.max(neededMinutes, waited.neededMinutes);
  return writtenAt + (needed + REFETCHED_WITHIN_MINUTES + MARGIN_MINUTES) * 60_000;
}

/** What was said before: of a rotation under way; of one that is done as long as a session of then can be alive. */
function rememberedMinutes(
  { state, stored: { writtenAt, neededMinutes } }: { readonly state: KeyState; readonly stored: StoredKeys },
  now: number,
): number {
  return state.step !== 'at-rest' || writtenAt + neededMinutes * 60_000 > now ? neededMinutes : 0;
}
