import type { Ambient } from '../ambient/ambient.ts';
import type { Entity, EntityKey } from '../store/table.ts';
import type { Authorization } from './authorization.ts';
import { fromJsonEntity } from './entity-codec.ts';
import type { Answer, Exchange } from './exchange.ts';
import { Refused, refusalOf } from './refusal.ts';
import type { ServiceAddress } from './service-address.ts';

/**
 * Reads one entity, by one request.
 *
 * @param select the properties wanted; without it, all of them
 * @returns undefined where the answer is none that the service gives
 * @throws Refused, or what the network throws
 */
export type PointRead = (
  key: EntityKey,
  select: readonly string[] | undefined,
  signal: AbortSignal,
) => Promise<Entity | undefined>;

export interface PointReadOptions {
  readonly address: ServiceAddress;
  readonly authorization: Authorization;
  readonly exchange: Exchange;
  readonly ambient: Pick<Ambient, 'now'>;
}

/** Asked for where no property is: an empty selection would mean all of them. */
export const NOTHING_SELECTED: readonly string[] = ['PartitionKey'];

/** The version and the format that the SDK asks for, so that what is read is of one kind whoever reads it. */
const HEADERS = [
  ...['accept', 'application/json;odata=minimalmetadata', 'x-ms-version', '2019-02-02'],
  ...['dataserviceversion', '3.0', 'user-agent', 'exeunt'],
];

/**
 * The point read of every hot call, without the SDK, of whose time it is a fraction (ADR 14).
 *
 * @see https://learn.microsoft.com/rest/api/storageservices/query-entities
 */
export function createPointRead(tableName: string, options: PointReadOptions): PointRead {
  const { address, authorization, exchange, ambient } = options;
  const table = `${address.path}${tableName}`;
  return async (key, select, signal) => {
    const path = `${table}(PartitionKey='${quoted(key.partitionKey)}',RowKey='${quoted(key.rowKey)}')`;
    const query = [authorization.query, selection(select)].filter((part) => part !== '').join('&');
    const asked = query === '' ? path : `${path}?${query}`;
    const shown = await authorization.headers(path);
    const answer = await exchange(asked, [...HEADERS, ...shown], signal);
    if (answer.status !== 401) return entityOf(key, answer, ambient);
    const other = await authorization.instead(shown, answer.headers['www-authenticate']);
    return entityOf(key, other === null ? answer : await exchange(asked, [...HEADERS, ...other], signal), ambient);
  };
}

/** A string in an OData key, as a part of a path. */
function quoted(text: string): string {
  return encodeURIComponent(text.replaceAll("'", "''"));
}

/** Names are letters, digits and underscores: the port has seen to that. */
function selection(select: readonly string[] | undefined): string {
  if (select === undefined) return '';
  return `$select=${(select.length === 0 ? NOTHING_SELECTED : select).join('%2C')}`;
}

function entityOf(
  key: EntityKey,
  { status, headers, body }: Answer,
  { now }: Pick<Ambient, 'now'>,
): Entity | undefined {
  if (body === null || (status !== 200 && status < 400)) return undefined;
  const json = parsed(body);
  if (status === 200) {
    if (json === undefined) throw new Refused({ status, code: 'PARSE_ERROR' });
    return fromJsonEntity(key, json);
  }
  const codes = [errorCode(json), headers['x-ms-error-code']];
  throw new Refused(refusalOf(status, codes, headers['retry-after'], now()));
}

/** Undefined for what is no JSON. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function errorCode(json: unknown): unknown {
  return (json as { 'odata.error'?: { code?: unknown } } | null | undefined)?.['odata.error']?.code;
}
