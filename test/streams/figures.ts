import { startRawApp } from '../http/support/raw-app.ts';
import { raiseWorld } from '../http/support/world.ts';
import { watchMemory } from './memory.ts';
import { SCENES, WARM_UP } from './scenes.ts';

const MEBIBYTE = 1024 * 1024;
/** What a host may grow by, whatever goes through it. */
export const GROWTH_MEBIBYTES_MAX = 64;

export interface Figure {
  readonly title: string;
  readonly grownMebibytes: number;
  readonly seconds: number;
}

/** Plays every scene in a host process of its own, one after the other, and measures that process alone. */
export async function* figures(mebibytes: number): AsyncIterable<Figure> {
  const limit = mebibytes * MEBIBYTE;
  const world = await raiseWorld();
  try {
    const environment = { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: String(limit) };
    const ground = await startRawApp(world, { requestBytesMax: limit }, environment);
    try {
      await WARM_UP.play(ground, mebibytes);
      for (const { title, play } of SCENES) {
        const memory = watchMemory(ground.app.host.pid);
        const began = performance.now();
        await play(ground, mebibytes);
        const seconds = (performance.now() - began) / 1_000;
        yield { title, grownMebibytes: memory.grown() / MEBIBYTE, seconds };
      }
    } finally {
      await ground.close();
    }
  } finally {
    await world.stop();
  }
}
