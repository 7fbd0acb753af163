/** @see https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#understand-rotation */
const REFRESH_API_VERSION = '2022-03-01';
/** @see https://learn.microsoft.com/rest/api/appservice/web-apps/restart */
const RESTART_API_VERSION = '2024-11-01';
const CALL_MILLISECONDS_MAX = 60_000;
const SITE_ID =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w.()-]{1,90}\/providers\/Microsoft\.Web\/sites\/[A-Za-z0-9-]{2,60}$/i;

export type Refetched = 'asked' | { readonly outcome: 'refused'; readonly problem: string };

/** Whether a text is the resource id of a function app. */
export const isSiteId = (text: string): boolean => SITE_ID.test(text);

export interface ArmAccess {
  readonly origin: string;
  /** A token for Azure Resource Manager. */
  readonly token: () => Promise<string>;
  readonly fetchIt?: typeof fetch;
}

/**
 * Has function apps read their Key Vault references anew, which they would else do within 24 hours, and start again: a process
 * keeps the settings that it began with.
 *
 * @param siteIds resource ids
 */
export async function refetch(
  { origin, token, fetchIt = fetch }: ArmAccess,
  siteIds: readonly string[],
): Promise<Refetched> {
  for (const siteId of siteIds) {
    const refreshed = `config/configreferences/appsettings/refresh?api-version=${REFRESH_API_VERSION}`;
    for (const path of [refreshed, `restart?api-version=${RESTART_API_VERSION}`]) {
      const headers = { authorization: `Bearer ${await token()}` };
      const signal = AbortSignal.timeout(CALL_MILLISECONDS_MAX);
      const status = await fetchIt(`${origin}${siteId}/${path}`, {
        method: 'POST',
        headers,
        redirect: 'error',
        signal,
      }).then(
        (response) => response.body?.cancel().then(() => response.status) ?? response.status,
        () => null,
      );
      if (status === null || status >= 300) {
        const [action] = path.split('?');
        return { outcome: 'refused', problem: `Azure Resource Manager did not do ${action}: ${status ?? 'no answer'}` };
      }
    }
  }
  return 'asked';
}
