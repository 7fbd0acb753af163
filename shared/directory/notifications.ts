import * as z from 'zod/mini';
import { isGuid } from '../settings/identifiers.ts';

/** Graph goes on trying to deliver a notification for four hours, so one may outlive its subscription by as much. */
const DELIVERY_MILLISECONDS_MAX = 4 * 3_600_000;
/**
 * More than fit into what the door reads, at the length of a real one. Anybody can post, and a `clientState` is looked for in
 * each entry: a million bytes of entries that hold nothing would keep the instance from everybody else for seconds.
 */
export const NOTIFICATIONS_MAX = 4_096;

/** Something was done to a user: what it was says the directory alone. */
export interface UserChange {
  /** Object id, lower case. */
  readonly oid: string;
  /** `deleted` is for good: a user in the recycle bin comes as `updated`, and is not found then. */
  readonly change: 'updated' | 'deleted';
}

/** What is to be done for the subscription itself. `missed`: Graph could not deliver something, and does not say what. */
export type LifecycleEvent =
  | { readonly event: 'reauthorizationRequired'; readonly subscriptionId: string }
  | { readonly event: 'subscriptionRemoved' }
  | { readonly event: 'missed' };

export interface Notifications {
  /** One a user. */
  readonly changes: readonly UserChange[];
  readonly lifecycle: readonly LifecycleEvent[];
  /** How many did not know the `clientState`, were of another tenant, or named nothing that we asked for. */
  readonly dropped: number;
}

const collection = z.object({ value: z.array(z.unknown()).check(z.maxLength(NOTIFICATIONS_MAX)) });

const guid = z.pipe(
  z.string().check(z.refine(isGuid)),
  z.transform((text) => text.toLowerCase()),
);
const optional = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema));
const notification = z.object({
  clientState: z.string(),
  tenantId: guid,
  subscriptionId: guid,
  subscriptionExpirationDateTime: optional(z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text))))),
  lifecycleEvent: optional(z.string()),
  changeType: optional(z.string()),
  resource: optional(z.string()),
  resourceData: optional(z.object({ id: guid })),
});
type Notification = z.infer<typeof notification>;

/**
 * Reads what was posted as a batch of notifications, change and lifecycle ones mixed. One that is not ours is dropped, and the
 * others go on: Graph puts several subscriptions' into one body. Who sent it learns nothing of that.
 *
 * @param isOurs whether a `clientState` is one that we gave
 * @param now milliseconds since the epoch
 * @returns null for what is no batch at all, or one of more entries than Graph could have put into it
 * @see https://learn.microsoft.com/graph/api/resources/changenotificationcollection
 */
export function parseNotifications(
  body: unknown,
  { tenant, isOurs, now }: { readonly tenant: string; isOurs(clientState: string): boolean; readonly now: number },
): Notifications | null {
  const read = collection.safeParse(body);
  if (!read.success) return null;
  const changes = new Map<string, UserChange>();
  const lifecycle = new Map<string, LifecycleEvent>();
  let dropped = 0;
  for (const entry of read.data.value) {
    const parsed = notification.safeParse(entry);
    const ours = parsed.success && isOurs(parsed.data.clientState) && parsed.data.tenantId === tenant;
    const meaning = ours && !isStale(parsed.data, now) ? meaningOf(parsed.data) : null;
    if (meaning === null) dropped += 1;
    else if ('event' in meaning) lifecycle.set(JSON.stringify(meaning), meaning);
    // Deleted is the last that can be said of a user, in whatever order it comes.
    else if (changes.get(meaning.oid)?.change !== 'deleted') changes.set(meaning.oid, meaning);
  }
  return { changes: [...changes.values()], lifecycle: [...lifecycle.values()], dropped };
}

function isStale({ subscriptionExpirationDateTime: endsAt }: Notification, now: number): boolean {
  return typeof endsAt === 'string' && Date.parse(endsAt) + DELIVERY_MILLISECONDS_MAX < now;
}

function meaningOf({
  lifecycleEvent,
  subscriptionId,
  changeType,
  resource,
  resourceData,
}: Notification): UserChange | LifecycleEvent | null {
  switch (lifecycleEvent) {
    case 'reauthorizationRequired':
      return { event: lifecycleEvent, subscriptionId };
    case 'subscriptionRemoved':
    case 'missed':
      return { event: lifecycleEvent };
    case undefined:
    case null:
      break;
    default:
      return null;
  }
  // The same application may have subscriptions to other things under the same URL one day; an id alone does not tell.
  const [, named] = /^\/?users\/([^/]+)$/i.exec(resource ?? '') ?? [];
  if (!resourceData || named?.toLowerCase() !== resourceData.id) return null;
  return changeType === 'updated' || changeType === 'deleted' ? { oid: resourceData.id, change: changeType } : null;
}
