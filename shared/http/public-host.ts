import { createHash, timingSafeEqual } from 'node:crypto';
import { isLoopbackHost } from '../settings/origin.ts';
import type { IncomingRequest } from './message.ts';

/** A header that the proxy in front sends and nobody else can. */
export interface TrustedProxy {
  /** Lower case. */
  readonly header: string;
  readonly value: string;
}

/** Where this application is reached. */
export interface PublicAddress {
  readonly publicOrigin: string;
  /** Null: requests come as browsers send them, and `Host` is what they asked for. */
  readonly trustedProxy: TrustedProxy | null;
}

/** A host and perhaps a port, and nothing that a URL parser would take for more. */
const HOST = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Why a request is not one for this application as the world knows it; null where it is. Past a proxy or a firewall in front,
 * by the platform's own name, it would be another origin: without that firewall's rules, with cookies of its own.
 * Also what a name that somebody has pointed at this address asks for (DNS rebinding).
 *
 * @see RFC 9110 sections 7.4 and 15.5.20
 */
export function misdirection(request: IncomingRequest, address: PublicAddress): 'proxy' | 'host' | null {
  const { publicOrigin, trustedProxy } = address;
  if (trustedProxy !== null && !isFrom(trustedProxy, request)) return 'proxy';
  return isHostOf(publicOrigin, hostOf(request, trustedProxy !== null)) ? null : 'host';
}

/** Compared as hashes: the time says neither how much of it was right nor how long it is. */
function isFrom({ header, value }: TrustedProxy, { headers }: IncomingRequest): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(headers.get(header) ?? ''), hash(value));
}

/** What the browser asked for: a proxy that has proved itself says it, anybody else could say anything in that header. */
function hostOf({ headers, url }: IncomingRequest, isProxied: boolean): string {
  const forwarded = isProxied ? headers.get('x-forwarded-host') : null;
  return forwarded ?? headers.get('host') ?? new URL(url).host;
}

function isHostOf(publicOrigin: string, asked: string): boolean {
  // As nearly every request has it; the rest is for a default port that is named, capitals, and developers' machines.
  if (publicOrigin.endsWith(`://${asked}`)) return true;
  const ours = new URL(publicOrigin);
  // With the scheme, by which the default port is left out; in lower case.
  const theirs = HOST.test(asked) ? URL.parse(`${ours.protocol}//${asked}`) : null;
  if (theirs === null) return false;
  if (!isLoopbackHost(ours.hostname)) return theirs.host === ours.host;
  // On a developer's machine ports are mapped, several instances run, and some resolvers know no `*.localhost`.
  return theirs.hostname === ours.hostname || isMachineItself(theirs.hostname);
}

/** `localhost` or a loopback address: what other names there are may be another application's. */
const isMachineItself = (hostname: string): boolean => isLoopbackHost(hostname) && !hostname.endsWith('.localhost');
