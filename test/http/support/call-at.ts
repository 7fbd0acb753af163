import type { Browser } from './browser.ts';
import { type Answer, send } from './wire.ts';
import type { RunningApp } from './world.ts';

/** A script's call with a browser's session, which the platform has sent to this instance of several. */
export function callAt({ host, origin }: RunningApp, browser: Browser, path: string): Promise<Answer> {
  const cookie = `__Host-session=${browser.cookie(origin, '__Host-session')}`;
  return send(`${host.origin}${path}`, { headers: { cookie, 'x-csrf': '1' } });
}
