import type { RequestListener } from 'node:http';
import { API_AUDIENCE } from '../../../local/stage/applications.ts';
import { startRawApi } from '../../shared/upstream/raw-api.ts';
import type { Browser } from './browser.ts';
import { bringIn } from './sign-in.ts';
import { type OpenCall, openCall } from './streamed.ts';
import type { RunningApp, World } from './world.ts';

/** Somebody signed in to an application whose API `raw` leaves every byte to the test. */
export interface RawApp {
  readonly world: World;
  readonly app: RunningApp;
  readonly browser: Browser;
  /** How the API answers from now on. */
  answerWith(listener: RequestListener): void;
  open(path: string, sent?: Parameters<typeof openCall>[2]): OpenCall;
  /** Ends the API; the application ends with the world. */
  close(): Promise<void>;
}

/**
 * @param more of the API's entry in `DOWNSTREAM_APIS`
 * @param environment of the application
 */
export async function startRawApp(
  world: World,
  more: object = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<RawApp> {
  let listener: RequestListener = (_request, response) => response.end();
  const raw = await startRawApi((request, response) => listener(request, response));
  const scopes = [`${API_AUDIENCE}/User.Read`];
  const api = { baseUrl: `${raw.origin}/base`, scopes, allow: ['* /**'], ...more };
  const app = await world.startApp({ DOWNSTREAM_APIS: JSON.stringify({ raw: api }), ...environment });
  const { browser } = await bringIn(world, undefined, app);
  return {
    world,
    app,
    browser,
    answerWith(next) {
      listener = next;
    },
    open: (path, sent) => openCall(browser, `${app.origin}/api/raw${path}`, sent),
    async close() {
      await raw[Symbol.asyncDispose]();
    },
  };
}
