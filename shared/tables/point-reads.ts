import type { Ambient } from '../ambient/ambient.ts';
import type { BearerTokens } from '../identity/bearer-tokens.ts';
import type { TablesSettings } from '../settings/settings.ts';
import { type Authorization, authorizationBySignature, authorizationByToken } from './authorization.ts';
import { createExchange } from './exchange.ts';
import { createPointRead, type PointRead } from './point-read.ts';
import { type ServiceAddress, serviceAddress, signedAddress } from './service-address.ts';

const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'];

/**
 * Makes point reads for the tables of one storage account, over connections that they share. No network.
 *
 * @param tokens for an `endpoint`
 * @param environment says whether a proxy is to be used, as it does to the SDK
 * @returns for a table's name, undefined where only the SDK knows how to read: an unusual connection string, Cosmos DB, a
 *   way that leads through a proxy, and an identity whose token would go over plain http (which it refuses)
 */
export function pointReads(
  settings: TablesSettings,
  tokens: () => BearerTokens,
  ambient: Ambient,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): (tableName: string) => PointRead | undefined {
  const access =
    settings.kind === 'connection-string'
      ? accessBySignature(settings.connectionString, ambient)
      : accessByToken(settings.endpoint, tokens);
  if (access === null || isCosmos(access.address) || isBehindProxy(access.address, environment)) return () => undefined;
  const exchange = createExchange(access.address.origin);
  return (tableName) => createPointRead(tableName, { ...access, exchange, ambient });
}

interface Access {
  readonly address: ServiceAddress;
  readonly authorization: Authorization;
}

function accessBySignature(connectionString: string, { now }: Ambient): Access | null {
  const signed = signedAddress(connectionString);
  return signed && { address: signed, authorization: authorizationBySignature(signed.signature, now) };
}

function accessByToken(endpoint: string, tokens: () => BearerTokens): Access | null {
  const address = serviceAddress(endpoint);
  if (!address?.origin.startsWith('https:')) return null;
  return { address, authorization: authorizationByToken(tokens()) };
}

/** It has this service's API, but neither its tokens nor all of its ways. */
const isCosmos = ({ origin }: ServiceAddress): boolean => /\.table\.cosmos(?:db)?\./.test(origin);

/** Whether it might be: what is exempt from the proxy is for the SDK to know. */
function isBehindProxy({ origin }: ServiceAddress, environment: Readonly<Record<string, string | undefined>>): boolean {
  if (/^https?:\/\/(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost)(?::\d+)?$/.test(origin)) return false;
  return PROXY_VARIABLES.some((name) => environment[name] || environment[name.toLowerCase()]);
}
