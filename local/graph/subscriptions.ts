import { randomUUID } from 'node:crypto';
import { postTo } from './post-to.ts';

/** Graph's own limit for `users`: under 29 days. */
const LIFE_MILLISECONDS_MAX = 29 * 24 * 3_600_000;
const DELIVERIES_MAX = 5;
const RETRY_MILLISECONDS = 500;

/** A subscription as the local Graph keeps it. */
export interface Kept {
  readonly id: string;
  readonly applicationId: string;
  readonly changeType: string;
  readonly resource: string;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly clientState: string;
  expirationDateTime: string;
}

export interface Subscriptions {
  of(applicationId: string): readonly Kept[];
  /** The subscription, or why it is not made: a 400 of Graph's. */
  create(applicationId: string, body: unknown): Promise<Kept | string>;
  find(applicationId: string, id: string): Kept | undefined;
  renew(kept: Kept, body: unknown): boolean;
  remove(kept: Kept): void;
  /** Tells every subscription that asks for it; resolves when each has taken it or has been given up. */
  notify(changeType: 'updated' | 'deleted', oid: string): Promise<void>;
  /** Sends a lifecycle notification. */
  lifecycle(kept: Kept, lifecycleEvent: string): Promise<void>;
}

export function createSubscriptions(tenantId: string): Subscriptions {
  const all = new Map<string, Kept>();
  const common = (kept: Kept) => ({
    subscriptionId: kept.id,
    subscriptionExpirationDateTime: kept.expirationDateTime,
    clientState: kept.clientState,
    tenantId,
  });
  const live = () => [...all.values()].filter(({ expirationDateTime: ends }) => Date.parse(ends) > Date.now());
  return {
    of: (applicationId) => live().filter((kept) => kept.applicationId === applicationId),
    async create(applicationId, body) {
      const kept = read(applicationId, body);
      if (typeof kept === 'string') return kept;
      for (const url of [kept.notificationUrl, kept.lifecycleNotificationUrl]) {
        if (url !== null && !(await isWanted(url))) return 'Subscription validation request failed.';
      }
      all.set(kept.id, kept);
      return kept;
    },
    find: (applicationId, id) => live().find((kept) => kept.applicationId === applicationId && kept.id === id),
    renew(kept, body) {
      const { expirationDateTime: ends } = body as Partial<Kept>;
      if (typeof ends !== 'string' || !isAllowed(ends)) return false;
      kept.expirationDateTime = ends;
      return true;
    },
    remove: ({ id }) => void all.delete(id),
    async notify(changeType, oid) {
      const resource = `Users/${oid}`;
      const resourceData = { '@odata.type': '#Microsoft.Graph.User', '@odata.id': resource, id: oid };
      const wanted = live().filter((kept) => kept.changeType.split(',').includes(changeType));
      await Promise.all(
        wanted.map((kept) => deliver(kept.notificationUrl, [{ ...common(kept), changeType, resource, resourceData }])),
      );
    },
    async lifecycle(kept, lifecycleEvent) {
      const url = kept.lifecycleNotificationUrl ?? kept.notificationUrl;
      await deliver(url, [{ ...common(kept), lifecycleEvent }]);
    },
  };
}

function read(applicationId: string, body: unknown): Kept | string {
  const asked = body as Partial<Record<keyof Kept, unknown>>;
  const { changeType, resource, notificationUrl, lifecycleNotificationUrl = null, clientState } = asked;
  const { expirationDateTime } = asked;
  if (typeof changeType !== 'string' || typeof notificationUrl !== 'string') return 'A required property is missing.';
  if (resource !== 'users' && resource !== '/users') return 'Resource not supported.';
  if (lifecycleNotificationUrl !== null && typeof lifecycleNotificationUrl !== 'string') return 'Invalid URL.';
  if (typeof expirationDateTime !== 'string' || !isAllowed(expirationDateTime)) return 'Expiration time is too far.';
  if (typeof clientState !== 'string' || clientState.length > 128) return 'ClientState is too long.';
  const id = randomUUID();
  const urls = { notificationUrl, lifecycleNotificationUrl };
  return { id, applicationId, changeType, resource, ...urls, clientState, expirationDateTime };
}

function isAllowed(ends: string): boolean {
  const left = Date.parse(ends) - Date.now();
  return left > 0 && left < LIFE_MILLISECONDS_MAX;
}

/** Graph's handshake, encoded as it encodes it. */
async function isWanted(url: string): Promise<boolean> {
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()}`;
  const asked = new URL(url);
  asked.searchParams.set('validationToken', token);
  const answer = await postTo(asked.href, '', 'text/plain; charset=utf-8');
  return answer?.status === 200 && answer.contentType.startsWith('text/plain') && answer.text === token;
}

async function deliver(url: string, value: readonly object[]): Promise<void> {
  for (let tries = 0; tries < DELIVERIES_MAX; tries += 1) {
    const answer = await postTo(url, JSON.stringify({ value }), 'application/json; charset=utf-8');
    if (answer !== null && answer.status >= 200 && answer.status < 300) return;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS).unref());
  }
}
