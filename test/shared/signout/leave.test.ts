import { beforeEach, describe, expect, it } from '@jest/globals';
import { openWork, parseWorkMessage } from '../../../shared/durable/work-message.ts';
import { leave } from '../../../shared/signout/leave.ts';
import { SIGN_OUT_WORK } from '../../../shared/signout/retry-message.ts';
import { testApplication } from '../../support/application.ts';
import { propertiesWith, signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, failing } from '../../support/store.ts';

let { application, store, script, queue } = testApplication();
beforeEach(() => {
  ({ application, store, script, queue } = testApplication());
});

describe('leaving', () => {
  it('deletes the account first, then sends the browser to the OP with a hint of who it is', async () => {
    const ticket = await signIn(store);
    const left = await leave(application, ticket, store.ambient.now());
    expect(left).toMatchObject({ outcome: 'left', receipt: { sessions: 1, tokenCaches: 1, tries: 0 } });
    expect(accountProperties(store, ALICE)).toBeNull();
    const url = new URL(left.outcome === 'left' ? left.location : '');
    expect(url.origin + url.pathname).toBe('https://op.example/logout');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: 'client-1',
      post_logout_redirect_uri: 'https://app.example/auth/signed-out',
      logout_hint: 'hint-1',
    });
  });

  describe('where the OP is told by an ID token', () => {
    const idToken = 'header.payload.signature';
    const cache = JSON.stringify({ IdToken: { i: { secret: idToken } }, RefreshToken: { r: { secret: 'rt' } } });
    const told = () => ({ ...application, settings: { ...application.settings, signoutHint: 'id_token' as const } });

    it('deletes the account first, then leaves by a form that has the session’s', async () => {
      const ticket = await signIn(store, { cache });
      expect(await leave(told(), ticket, store.ambient.now())).toEqual({
        outcome: 'left-by-form',
        receipt: expect.objectContaining({ sessions: 1, tokenCaches: 1 }),
        form: {
          action: 'https://op.example/logout',
          fields: {
            id_token_hint: idToken,
            client_id: 'client-1',
            post_logout_redirect_uri: 'https://app.example/auth/signed-out',
            state: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
          },
        },
      });
      expect(accountProperties(store, ALICE)).toBeNull();
    });

    it('leaves by the address where the session has none, its cache having shed it', async () => {
      const ticket = await signIn(store, { cache: '{"IdToken":{}}' });
      const left = await leave(told(), ticket, store.ambient.now());
      expect(left).toMatchObject({ outcome: 'left', location: expect.stringContaining('logout_hint=hint-1') });
    });

    it('asks storage for nothing more than without', async () => {
      const counts: number[] = [];
      for (const [sid, instance] of [application, told()].entries()) {
        const ticket = await signIn(store, { cache, sid: `sid-${sid}` });
        let calls = 0;
        store.tables.before = () => {
          calls += 1;
          return undefined;
        };
        await leave(instance, ticket, store.ambient.now());
        store.tables.before = undefined;
        counts.push(calls);
      }
      expect(counts[1]).toBe(counts[0]);
    });

    it('puts no ID token into the queue, and leads on by the address', async () => {
      const ticket = await signIn(store, { cache });
      failing(store, { name: 'remove' });
      expect(await leave(told(), ticket, store.ambient.now())).toMatchObject({
        outcome: 'queued',
        opUrl: expect.stringContaining('logout_hint=hint-1'),
      });
      const opened = openWork(store.keyring, SIGN_OUT_WORK, parseWorkMessage(queue.take())?.sealed ?? '');
      expect(opened).toMatchObject({ outcome: 'opened', work: { kind: 'own', proved: { loginHint: 'hint-1' } } });
      expect(JSON.stringify(opened)).not.toContain('IdToken');
      expect(JSON.stringify(opened)).not.toContain(idToken);
    });
  });

  it('without a session leads to our own page, and asks neither storage nor OP', async () => {
    failing(store, {});
    script.up = false;
    expect(await leave(application, null, store.ambient.now())).toEqual({
      outcome: 'left',
      location: '/auth/signed-out',
      receipt: null,
    });
  });

  it.each([
    [
      'does not answer',
      () => {
        script.up = false;
      },
    ],
    [
      'has no end_session_endpoint',
      () => {
        const { end_session_endpoint: _, ...rest } = script.metadata;
        script.metadata = rest;
      },
    ],
  ])('is done here though the OP %s', async (_, happen) => {
    happen();
    const ticket = await signIn(store);
    const left = await leave(application, ticket, store.ambient.now());
    expect(left).toEqual({
      outcome: 'left',
      location: '/auth/signed-out',
      receipt: expect.objectContaining({ sessions: 1 }),
    });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('is not done where storage fails: it waits in the queue, and the browser is not sent away as if it were', async () => {
    const ticket = await signIn(store);
    failing(store, { name: 'remove' });
    expect(await leave(application, ticket, store.ambient.now())).toMatchObject({ outcome: 'queued' });
    expect(queue.messages).toHaveLength(1);
  });

  it('is neither done nor promised where the queue is down too', async () => {
    const ticket = await signIn(store);
    failing(store, { name: 'remove' });
    queue.up = false;
    expect(await leave(application, ticket, store.ambient.now())).toMatchObject({ outcome: 'unfinished' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
  });
});
