import type { Ask } from './store.ts';

/** A token is good for all storage accounts that whoever has signed in may reach: it goes to the service alone. */
const STORAGE_HOST =
  /^[a-z0-9-]+(?:\.z\d+)?\.(?:table|blob)\.(?:core\.windows\.net|storage\.azure\.net|core\.usgovcloudapi\.net|core\.chinacloudapi\.cn)$/;
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/**
 * Where a table or a container is.
 *
 * @throws NotAskable where the address carries more than that: a signature in it would be in the shell's history
 */
export function addressOf(text: string): URL {
  const address = URL.parse(text.replace(/\/$/, ''));
  if (address === null) throw new NotAskable('the address is none');
  if (address.search || address.hash || address.username) {
    throw new NotAskable('the address is to end with the name; a shared access signature goes into PURGE_SAS');
  }
  return address;
}

/** Where the caches are cannot be asked: the address, or what proves who asks. */
export class NotAskable extends Error {}

/**
 * `fetch` of a storage account: by a shared access signature, or as whoever has signed in to the Azure CLI.
 *
 * @param sas the query of a shared access signature, from the environment: a command line is seen by others
 * @param token gives an access token for Azure Storage
 * @throws NotAskable for http, but on loopback with a signature: what proves who asks would be read on the way; and without a signature
 * for a host that is not the service's
 */
export function asking(address: URL, sas: string | undefined, token: () => Promise<string>, fetchIt = fetch): Ask {
  const isLocal = sas !== undefined && LOOPBACK.includes(address.hostname);
  if (address.protocol !== 'https:' && !isLocal) throw new NotAskable('the address has to begin with https');
  if (sas === undefined && !STORAGE_HOST.test(address.hostname)) {
    throw new NotAskable(
      "the address is not of Azure Storage, and a token would be shown to whoever's it is: use PURGE_SAS",
    );
  }
  const redirect = 'error';
  return async (url, { method, headers }) => {
    const asked = new URL(url);
    if (sas === undefined)
      return fetchIt(asked, { method, headers: { ...headers, authorization: `Bearer ${await token()}` }, redirect });
    for (const [name, value] of new URLSearchParams(sas)) asked.searchParams.set(name, value);
    return fetchIt(asked, { method, headers, redirect });
  };
}
