import { describe, expect, it } from '@jest/globals';
import { createGraph } from '../../../shared/graph/graph-client.ts';

const URL = 'https://graph.example/v1.0';
const OID = '11111111-2222-3333-4444-555555555555';
const ENDS = '2026-12-22T12:00:00Z';
const graphOf = (answer: (url: string, options: RequestInit) => Response, token = async () => ({ token: 't-1' })) => {
  const seen: { url: string; options: RequestInit }[] = [];
  const fetchIt = async (url: unknown, options: RequestInit = {}) => {
    seen.push({ url: String(url), options });
    return answer(String(url), options);
  };
  return { graph: createGraph(URL, token, fetchIt as typeof fetch), seen };
};
const unavailable = (reason: string, retryAfterSeconds = 0) => ({
  outcome: 'graph-unavailable',
  reason,
  retryAfterSeconds,
});

describe('a user at Graph', () => {
  it('is asked for by what concerns sessions, with the token, and no redirect is followed', async () => {
    const body = {
      id: OID.toUpperCase(),
      accountEnabled: true,
      signInSessionsValidFromDateTime: '2026-11-24T12:00:00Z',
    };
    const { graph, seen } = graphOf(() => Response.json(body));
    expect(await graph.user(OID)).toEqual({
      accountEnabled: true,
      sessionsValidFrom: Date.parse('2026-11-24T12:00:00Z'),
    });
    expect(seen).toMatchObject([
      {
        url: `${URL}/users/${OID}?$select=id,accountEnabled,signInSessionsValidFromDateTime`,
        options: { method: 'GET', redirect: 'error', headers: { authorization: 'Bearer t-1' } },
      },
    ]);
  });

  it('who is not there is not found', async () => {
    const { graph } = graphOf(() => Response.json({ error: { code: 'Request_ResourceNotFound' } }, { status: 404 }));
    expect(await graph.user(OID)).toEqual({ outcome: 'not-found' });
  });

  it.each([
    ['of somebody else', { id: OID.replace('1', '2'), accountEnabled: true }],
    ['without accountEnabled', { id: OID }],
    ['with a moment that is none', { id: OID, accountEnabled: true, signInSessionsValidFromDateTime: 'soon' }],
    ['that is none', []],
  ])('whose answer is one %s is in doubt, and nothing follows of it', async (_, body) => {
    const { graph } = graphOf(() => Response.json(body));
    expect(await graph.user(OID)).toEqual(unavailable('user-unreadable'));
  });

  it('who is disabled is out, whatever else the answer says', async () => {
    const body = { id: OID, accountEnabled: false, signInSessionsValidFromDateTime: 'soon' };
    const { graph } = graphOf(() => Response.json(body));
    expect(await graph.user(OID)).toEqual({ accountEnabled: false, sessionsValidFrom: null });
  });

  it('whose answer is no JSON, or too large, is in doubt', async () => {
    for (const text of ['<html>', JSON.stringify({ id: OID, accountEnabled: false, x: 'x'.repeat(300_000) })]) {
      expect(await graphOf(() => new Response(text)).graph.user(OID)).toEqual(unavailable('user-unreadable'));
    }
  });

  it.each([
    [429, '17', 17],
    [503, 'Tue, 24 Nov 2026 12:00:00 GMT', 0],
    [403, '', 0],
  ])('is asked for again after a %i, when Graph says', async (status, after, seconds) => {
    const { graph } = graphOf(() => new Response('', { status, headers: { 'retry-after': after } }));
    expect(await graph.user(OID)).toEqual(unavailable(`status-${status}`, seconds));
  });

  it('is not asked for without a token, or where Graph cannot be reached', async () => {
    const refused = graphOf(() => Response.json({}), (async () => ({ failed: 'invalid_client' })) as never);
    expect(await refused.graph.user(OID)).toEqual(unavailable('token: invalid_client'));
    expect(refused.seen).toEqual([]);
    const dead = graphOf(() => {
      throw new TypeError('fetch failed');
    });
    expect(await dead.graph.user(OID)).toEqual(unavailable('network'));
  });
});

describe('the subscriptions at Graph', () => {
  const shown = (id: string) => ({
    id,
    resource: 'users',
    notificationUrl: 'https://app.example/events/graph',
    clientState: null,
    expirationDateTime: ENDS,
  });

  it('are read page by page', async () => {
    const next = `${URL}/subscriptions?$skiptoken=2`;
    const { graph } = graphOf((url) =>
      Response.json(url === next ? { value: [shown('b')] } : { value: [shown('a')], '@odata.nextLink': next }),
    );
    expect(await graph.subscriptions()).toMatchObject([
      { id: 'a', endsAt: Date.parse(ENDS), lifecycleNotificationUrl: null },
      { id: 'b' },
    ]);
  });

  it('are not read elsewhere: the token goes to nobody that an answer names', async () => {
    const { graph, seen } = graphOf(() =>
      Response.json({ value: [], '@odata.nextLink': 'https://graph.example.evil/v1.0/subscriptions' }),
    );
    expect(await graph.subscriptions()).toEqual(unavailable('next-page-elsewhere'));
    expect(seen).toHaveLength(1);
  });

  it('are not read without end', async () => {
    const { graph, seen } = graphOf(() => Response.json({ value: [], '@odata.nextLink': `${URL}/subscriptions` }));
    expect(await graph.subscriptions()).toEqual(unavailable('too-many-subscriptions'));
    expect(seen.length).toBeLessThanOrEqual(20);
  });
});
