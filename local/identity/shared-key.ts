import { createHmac } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';

/** A storage account by its key, which the emulator wants. */
export interface KeyedAccount {
  readonly account: string;
  readonly key: string;
}

/** The services differ in what is signed. */
export type Service = 'table' | 'queue';

/**
 * `Authorization` by an account's key, in its shorter form.
 *
 * @param path as it is sent
 * @param headers all that go with the request, by names in lower case
 * @see https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
 */
export function sharedKeyLite(
  service: Service,
  { account, key }: KeyedAccount,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders,
): string {
  const { pathname, searchParams } = new URL(path, 'http://storage');
  const comp = searchParams.get('comp');
  const resource = `/${account}${pathname}${comp === null ? '' : `?comp=${comp}`}`;
  const text = (name: string): string => String(headers[name] ?? '');
  const ofStorage = Object.keys(headers)
    .filter((name) => name.startsWith('x-ms-'))
    .sort()
    .map((name) => `${name}:${text(name)}\n`);
  const signed =
    service === 'table'
      ? `${text('x-ms-date')}\n${resource}`
      : `${method}\n${text('content-md5')}\n${text('content-type')}\n\n${ofStorage.join('')}${resource}`;
  const mac = createHmac('sha256', Buffer.from(key, 'base64')).update(signed).digest('base64');
  return `SharedKeyLite ${account}:${mac}`;
}
