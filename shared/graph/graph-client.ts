import * as z from 'zod/mini';
import type { Graph, GraphUnavailable, NotFound, Subscription } from '../directory/graph.ts';
import { boundedText } from '../oidc/bounded-text.ts';
import { answerOf, type Call, type GraphToken } from './graph-call.ts';

/** More pages than any application has subscriptions; Graph gives a hundred or so a page. */
const PAGES_MAX = 20;

const time = z.pipe(
  z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)))),
  z.transform((text) => Date.parse(text)),
);
/** Who is disabled is out whatever else is said: that alone must not wait for a time that cannot be read. */
const user = z.union([
  z.object({ id: z.string(), accountEnabled: z.literal(false) }),
  z.object({
    id: z.string(),
    accountEnabled: z.literal(true),
    signInSessionsValidFromDateTime: z.optional(z.nullable(time)),
  }),
]);
const subscriptions = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      resource: z.string(),
      notificationUrl: z.string(),
      lifecycleNotificationUrl: z.optional(z.nullable(z.string())),
      expirationDateTime: time,
    }),
  ),
  '@odata.nextLink': z.optional(z.string()),
});

/**
 * Microsoft Graph v1.0 by `fetch`.
 *
 * @param url Graph's, with its version, without a trailing slash
 * @param token gives an application's token for it
 * @see https://learn.microsoft.com/graph/api/resources/subscription
 */
export function createGraph(url: string, token: GraphToken, fetchIt: typeof fetch = fetch): Graph {
  const call = (path: string, options?: Partial<Call>) => answerOf(`${url}${path}`, token, fetchIt, options);
  const subscription = (id: string) => `/subscriptions/${encodeURIComponent(id)}`;
  return {
    async user(oid) {
      const select = 'id,accountEnabled,signInSessionsValidFromDateTime';
      const answer = await call(`/users/${encodeURIComponent(oid)}?$select=${select}`);
      if ('outcome' in answer) return answer;
      const read = await parsed(answer, user);
      if (read === null || read.id.toLowerCase() !== oid) return unreadable('user-unreadable');
      const sessionsValidFrom = read.accountEnabled ? (read.signInSessionsValidFromDateTime ?? null) : null;
      return { accountEnabled: read.accountEnabled, sessionsValidFrom };
    },

    async subscriptions() {
      const found: Subscription[] = [];
      let page = `${url}/subscriptions`;
      for (let pages = 0; pages < PAGES_MAX; pages += 1) {
        const answer = await answerOf(page, token, fetchIt);
        if ('outcome' in answer) return foundOr(answer, unreadable('subscriptions-not-found'));
        const read = await parsed(answer, subscriptions);
        if (read === null) return unreadable('subscriptions-unreadable');
        for (const { expirationDateTime: endsAt, lifecycleNotificationUrl = null, ...rest } of read.value) {
          found.push({ ...rest, endsAt, lifecycleNotificationUrl });
        }
        const { '@odata.nextLink': next } = read;
        if (next === undefined) return found;
        // The token goes along: to Graph, and to nobody that an answer names.
        if (URL.parse(next)?.origin !== new URL(url).origin) return unreadable('next-page-elsewhere');
        page = next;
      }
      return unreadable('too-many-subscriptions');
    },

    async subscribe({ endsAt, ...rest }) {
      const body = { ...rest, expirationDateTime: new Date(endsAt).toISOString() };
      const answer = await call('/subscriptions', { method: 'POST', body, waitsForUs: true });
      return 'outcome' in answer ? foundOr(answer, unreadable('subscriptions-not-found')) : done(answer);
    },

    async renew(id, endsAt) {
      const body = { expirationDateTime: new Date(endsAt).toISOString() };
      const answer = await call(subscription(id), { method: 'PATCH', body, waitsForUs: true });
      return 'outcome' in answer ? answer : done(answer);
    },

    async reauthorize(id) {
      const answer = await call(`${subscription(id)}/reauthorize`, { method: 'POST' });
      return 'outcome' in answer ? answer : done(answer);
    },

    async unsubscribe(id) {
      const answer = await call(subscription(id), { method: 'DELETE' });
      return 'outcome' in answer ? answer : done(answer);
    },
  };
}

/** What an answer holds, as far as it is what was asked for; null where not. */
async function parsed<T extends z.ZodMiniType>(answer: Response, schema: T): Promise<z.infer<T> | null> {
  try {
    const text = await boundedText(answer);
    const read = text === null ? null : schema.safeParse(JSON.parse(text));
    return read?.success ? read.data : null;
  } catch {
    return null;
  }
}

/** The body of what was done says nothing that is not known. */
async function done(answer: Response): Promise<'done'> {
  await answer.body?.cancel();
  return 'done';
}

/** A collection that is not found is a wrong address, not an absent thing. */
function foundOr(answer: NotFound | GraphUnavailable, otherwise: GraphUnavailable): GraphUnavailable {
  return answer.outcome === 'not-found' ? otherwise : answer;
}

function unreadable(reason: string): GraphUnavailable {
  return { outcome: 'graph-unavailable', reason, retryAfterSeconds: 0 };
}
