import { escapeKeyPart } from '../../../shared/account/account-key.ts';
import type { Caller } from './doors/door.ts';
import type { Ground } from './ground.ts';
import type { StorageRequest } from './storage-request.ts';
import type { Visitor } from './visitor.ts';

/** The requests that an application made while `work` was done, by whichever operation. */
export async function during<T>({ proxy }: Ground, work: () => Promise<T>): Promise<readonly StorageRequest[]> {
  const before = proxy.requests.length;
  await work();
  return proxy.requests.slice(before);
}

/** What a request names, for a person to read. */
export const describeRequest = ({ operation, table, partitionKey, rowKey }: StorageRequest): string =>
  `${operation} ${table} ${partitionKey}/${rowKey}`;

/** The requests that name a partition that is none of this caller's, or a note that is not about this caller. */
export function strayingFrom(
  { marks, visitor }: Pick<Caller, 'marks' | 'visitor'>,
  requests: readonly StorageRequest[],
): readonly string[] {
  const bucket = `${escapeKeyPart(visitor.app.clientId)}~`;
  const isOwn = ({ table, partitionKey, text }: StorageRequest): boolean => {
    if (partitionKey === null) return false;
    if (table !== 'expiries') return marks.includes(partitionKey);
    return partitionKey.startsWith(bucket) && marks.some((mark) => text.includes(mark));
  };
  return requests.filter((request) => !isOwn(request)).map(describeRequest);
}

/** The requests that say anything of a visitor: the account, its index partitions, or the attempt. */
export const naming = ({ marks }: Pick<Visitor, 'marks'>, requests: readonly StorageRequest[]): readonly string[] =>
  requests.filter(({ text }) => marks.some((mark) => text.includes(mark))).map(describeRequest);
