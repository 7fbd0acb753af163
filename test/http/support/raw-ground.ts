import type { RequestListener } from 'node:http';
import { afterAll, beforeAll } from '@jest/globals';
import { API_AUDIENCE } from '../../../local/stage/applications.ts';
import { type RawApi, startRawApi } from '../../shared/upstream/raw-api.ts';
import type { Browser } from './browser.ts';
import { duringTests, localWorld } from './ground.ts';
import { bringIn } from './sign-in.ts';
import { type OpenCall, openCall } from './streamed.ts';
import type { RunningApp, World } from './world.ts';

/** Somebody signed in to an application whose API `raw` leaves every byte to the test. */
export interface RawGround {
  readonly world: World;
  readonly app: RunningApp;
  readonly browser: Browser;
  /** How the API answers from now on. */
  answerWith(listener: RequestListener): void;
  open(path: string, sent?: Parameters<typeof openCall>[2]): OpenCall;
}

/**
 * Raises it during the tests of a file.
 *
 * @param more of the API's entry in `DOWNSTREAM_APIS`
 * @param environment of the application
 */
export function rawGround(more: object = {}, environment: Readonly<Record<string, string>> = {}): RawGround {
  let listener: RequestListener = (_request, response) => response.end();
  let raw: RawApi;
  let browser: Browser;
  const world = localWorld();
  beforeAll(async () => {
    raw = await startRawApi((request, response) => listener(request, response));
  });
  afterAll(async () => {
    await raw?.[Symbol.asyncDispose]();
  });
  const app = duringTests(() => {
    const api = { baseUrl: `${raw.origin}/base`, scopes: [`${API_AUDIENCE}/User.Read`], allow: ['* /**'], ...more };
    return world.startApp({ DOWNSTREAM_APIS: JSON.stringify({ raw: api }), ...environment });
  });
  beforeAll(async () => {
    ({ browser } = await bringIn(world, undefined, app));
  });
  return {
    world,
    app,
    get browser() {
      return browser;
    },
    answerWith(next) {
      listener = next;
    },
    open: (path, sent) => openCall(browser, `${app.origin}/api/raw${path}`, sent),
  };
}
