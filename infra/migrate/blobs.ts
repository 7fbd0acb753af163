import { recognise } from './msal-cache.ts';
import { type Ask, type CacheStore, type Candidate, expecting } from './store.ts';

const VERSION = { 'x-ms-version': '2023-11-03' };
/** A cache of thousands of tokens has less. */
const CACHE_BYTES_MAX = 64 * 1024 * 1024;

interface Listed {
  readonly name: string;
  readonly etag: string;
  readonly bytes: number;
}

/**
 * A container of Blob Storage, each blob a cache or something else. Over its REST interface, for which an SDK more would be
 * installed for this alone.
 *
 * @param container its URL
 * @see https://learn.microsoft.com/rest/api/storageservices/list-blobs
 */
export function blobs(container: URL, ask: Ask): CacheStore {
  return {
    async *candidates() {
      let marker = '';
      do {
        const url = new URL(container);
        url.search = new URLSearchParams({ restype: 'container', comp: 'list', ...(marker && { marker }) }).toString();
        const page = await expecting(await ask(url, { method: 'GET', headers: VERSION }), 200).text();
        for (const listed of listedIn(page)) yield blob(container, listed, ask);
        marker = unescapeXml(/<NextMarker>([^<]*)</.exec(page)?.[1] ?? '');
      } while (marker !== '');
    },
  };
}

function blob(container: URL, { name, etag, bytes }: Listed, ask: Ask): Candidate {
  const address = `${container.href}/${name.split('/').map(encodeURIComponent).join('/')}`;
  const url = new URL(address);
  const headers = { ...VERSION, 'if-match': etag };
  return {
    async look() {
      // A name with `..` in it would lead to another blob.
      if (bytes > CACHE_BYTES_MAX || url.href !== address) return 'other';
      const response = expecting(await ask(url, { method: 'GET', headers }), 200, 404, 412);
      return response.status === 200 ? recognise(await response.text()) : 'other';
    },
    async delete() {
      const including = { ...headers, 'x-ms-delete-snapshots': 'include' };
      const response = expecting(await ask(url, { method: 'DELETE', headers: including }), 202, 404, 412);
      if (response.status === 412) return 'changed';
      return response.headers.get('x-ms-delete-type-permanent') === 'false' ? 'recoverable' : 'gone';
    },
  };
}

function listedIn(page: string): Listed[] {
  return [...page.matchAll(/<Blob>(.*?)<\/Blob>/gs)].map(([, entry = '']) => {
    const [, encoded, name = ''] = /<Name( Encoded="true")?>([^<]*)<\/Name>/.exec(entry) ?? [];
    const text = unescapeXml(name);
    return {
      name: encoded === undefined ? text : decodeURIComponent(text),
      etag: quoted(unescapeXml(/<Etag>([^<]*)</.exec(entry)?.[1] ?? '')),
      bytes: Number(/<Content-Length>(\d+)</.exec(entry)?.[1] ?? 0),
    };
  });
}

/** The list leaves away the quotes that a header needs. */
const quoted = (etag: string): string => (etag.startsWith('"') ? etag : `"${etag}"`);

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}
