import { type SessionTicket, sealTicket } from '../../../shared/session/ticket.ts';
import { APP_ORIGIN } from '../../support/request.ts';
import type { Ground, Sent } from './ground.ts';
import type { Attack, Scene } from './siege.ts';
import { telling } from './telling.ts';

/** A browser in which somebody is signed in, at a door that goes by its cookie. */
export interface BrowserScene extends Scene {
  /** The session cookie's value. */
  readonly cookie: string;
  /** The one that it had before, whose session was signed out. */
  readonly spentCookie: string;
  /** The request that a page of ours sends. */
  readonly good: Sent;
}

export const SESSION = '__Host-session';
export const cookieOf = ({ store }: Ground, ticket: SessionTicket): string => sealTicket(store.keyring, ticket);

/** What a browser says of a request that one of our own pages has sent. */
export const FROM_OUR_PAGE = { origin: APP_ORIGIN, 'sec-fetch-site': 'same-origin' } as const;

/** In our own answers too. */
const KNOWN: readonly string[] = [APP_ORIGIN, 'same-origin'];

type Headers = Readonly<Record<string, string | null>>;

/** The good request with other headers; null takes one away. */
export const withHeaders = (sent: Sent, changes: Headers): Sent => {
  const headers = Object.entries({ ...sent.headers, ...changes }).filter(([, value]) => value !== null);
  return { ...sent, headers: Object.fromEntries(headers) as Sent['headers'] };
};

/** @param of what comes instead of what a browser sends, made of the good cookie */
export const attackByHeaders = (what: string, of: (scene: BrowserScene) => Headers): Attack<BrowserScene> => ({
  what,
  make(scene) {
    const changes = of(scene);
    const told = Object.values(changes).filter((value) => value !== null && !KNOWN.includes(value));
    return { sent: withHeaders(scene.good, changes), secrets: telling(told as string[]) };
  },
});
