import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Crowd } from './crowd.ts';

/** Azurite's own, which everybody knows. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const ENTITY = /^\/\w+\/accounts\(PartitionKey='([^']*)',RowKey='account'\)$/;

/** Table Storage that has an account for everybody in a crowd, and takes no writes. */
export async function serveCrowd(crowd: Crowd) {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://storage');
    const partitionKey = ENTITY.exec(decodeURIComponent(pathname))?.[1];
    request.resume();
    // Tables are there already.
    if (request.method === 'POST' && pathname.endsWith('/Tables')) return void answer(409, error('TableAlreadyExists'));
    if (request.method !== 'GET' || partitionKey === undefined) return void answer(404, error('ResourceNotFound'));
    const person = crowd.personOf(partitionKey);
    const entity: Record<string, string> = { 'odata.etag': `W/"${person}"` };
    for (const name of searchParams.get('$select')?.split(',') ?? []) {
      const value = crowd.stored(person, name);
      if (value === null) continue;
      entity[`${name}@odata.type`] = 'Edm.Binary';
      entity[name] = Buffer.from(value).toString('base64');
    }
    answer(200, entity);

    function answer(status: number, content: object): void {
      const body = JSON.stringify(content);
      const headers = { 'content-type': 'application/json;odata=minimalmetadata', 'content-length': body.length };
      response.writeHead(status, headers).end(body);
    }
  });
  server.keepAliveTimeout = 600_000;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${ACCOUNT}`;
  return {
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};TableEndpoint=${endpoint};`,
    close: () => server.close().closeAllConnections(),
  };
}

const error = (code: string) => ({ 'odata.error': { code, message: { value: code } } });
