import type { ClientState } from './client-state.ts';
import type { Graph, GraphUnavailable, NewSubscription, Subscription } from './graph.ts';

const DAY_MILLISECONDS = 24 * 3_600_000;
/** Graph lets a subscription to `users` live less than 29 days. */
const LIFE_MILLISECONDS = 28 * DAY_MILLISECONDS;
/** Long enough for somebody to mend what keeps it from being renewed. */
const RENEWED_AHEAD_MILLISECONDS = 3 * DAY_MILLISECONDS;

/** Where notifications come in, and by what they are known. */
export interface Endpoint {
  /** Our own origin, and the route. */
  readonly url: string;
  readonly clientState: ClientState;
}

export type SubscriptionKept =
  | {
      readonly outcome: 'kept';
      readonly did: 'create' | 'renew' | 'nothing';
      /** Those that were too many, or of a key that is no longer the first. */
      readonly removed: number;
      readonly endsAt: number;
    }
  | GraphUnavailable;

/** What has to be done so that there is one subscription of ours, and one only. */
export interface Plan {
  readonly keep: Subscription | null;
  readonly renew: boolean;
  readonly remove: readonly Subscription[];
}

/**
 * Sees to it that Graph tells us of changes: one subscription, of the first key, with days to live.
 *
 * Nothing of it is stored with us. Graph lists the subscriptions of an application, and its list is the truth: a row of ours
 * would be a second one, wrong after every crash between the two, and a table more. Two instances at once may both find none
 * and make two; a second one costs a second notification, which ends nothing more, and the next run removes it, everywhere the
 * same one. The new one is made before the old one goes, so that no change falls between them.
 *
 * @param now milliseconds since the epoch
 */
export async function keepSubscription(graph: Graph, endpoint: Endpoint, now: number): Promise<SubscriptionKept> {
  const listed = await graph.subscriptions();
  if ('outcome' in listed) return listed;
  const { keep, renew, remove } = planSubscription(listed, endpoint, now);
  const endsAt = now + LIFE_MILLISECONDS;
  let did: 'create' | 'renew' | 'nothing' = 'nothing';
  if (keep !== null && renew) {
    const renewed = await graph.renew(keep.id, endsAt);
    if (renewed !== 'done' && renewed.outcome === 'graph-unavailable') return renewed;
    did = renewed === 'done' ? 'renew' : 'create';
  }
  if (keep === null || did === 'create') {
    const created = await graph.subscribe(newSubscription(endpoint, endsAt));
    if (created !== 'done') return created;
    did = 'create';
  }
  let removed = 0;
  for (const { id } of remove) {
    const gone = await graph.unsubscribe(id);
    if (gone !== 'done' && gone.outcome === 'graph-unavailable') return gone;
    removed += 1;
  }
  return { outcome: 'kept', did, removed, endsAt: did === 'nothing' && keep ? keep.endsAt : endsAt };
}

/** Pure. Subscriptions to anything else, or to another address, are somebody else's. */
export function planSubscription(listed: readonly Subscription[], endpoint: Endpoint, now: number): Plan {
  const ours = listed.filter(
    ({ resource, notificationUrl }) => /^\/?users\/?$/i.test(resource) && notificationUrl === endpoint.url,
  );
  const current = ours
    .filter(({ lifecycleNotificationUrl, endsAt }) => {
      // One that does not show its URL cannot be told from ours: replaced at each run, it would never be at rest.
      return endsAt > now && [lifecycleUrl(endpoint), null].includes(lifecycleNotificationUrl);
    })
    .toSorted((one, other) => other.endsAt - one.endsAt || (one.id < other.id ? -1 : 1));
  const [keep = null] = current;
  const renew = keep !== null && keep.endsAt - now < RENEWED_AHEAD_MILLISECONDS;
  return { keep, renew, remove: ours.filter((each) => each !== keep) };
}

function newSubscription(endpoint: Endpoint, endsAt: number): NewSubscription {
  return {
    changeType: 'updated,deleted',
    resource: 'users',
    notificationUrl: endpoint.url,
    lifecycleNotificationUrl: lifecycleUrl(endpoint),
    clientState: endpoint.clientState.value,
    endsAt,
  };
}

function lifecycleUrl({ url, clientState }: Endpoint): string {
  return `${url}?key=${clientState.fingerprint}`;
}
