import { duringTests, localWorld } from './ground.ts';
import { type RawApp, startRawApp } from './raw-app.ts';

/** Raises a world with such an application during the tests of a file. */
export function rawGround(more?: object, environment?: Readonly<Record<string, string>>): RawApp {
  const world = localWorld();
  return duringTests(
    () => startRawApp(world, more, environment),
    (raw) => raw.close(),
  );
}
