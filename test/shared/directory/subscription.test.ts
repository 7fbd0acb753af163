import { describe, expect, it } from '@jest/globals';
import { clientStateOf } from '../../../shared/directory/client-state.ts';
import type { Subscription } from '../../../shared/directory/graph.ts';
import { planSubscription } from '../../../shared/directory/subscription.ts';
import { testKeyring } from '../../support/keyring.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const DAY = 24 * 3_600_000;
const URL = 'https://app.example/events/graph';
const endpoint = { url: URL, clientState: clientStateOf(testKeyring(), 'tenant') };
const one = (id: string, changes: Partial<Subscription> = {}): Subscription => ({
  id,
  resource: 'users',
  notificationUrl: URL,
  lifecycleNotificationUrl: `${URL}?key=${endpoint.clientState.fingerprint}`,
  endsAt: NOW + 20 * DAY,
  ...changes,
});
const plan = (...listed: Subscription[]) => {
  const { keep, renew, remove } = planSubscription(listed, endpoint, NOW);
  return { keep: keep?.id, renew, remove: remove.map(({ id }) => id) };
};

describe('what has to be done for the subscription', () => {
  it('is to make one where there is none', () => expect(plan()).toEqual({ keep: undefined, renew: false, remove: [] }));

  it('is nothing while one has days to live', () => expect(plan(one('a'))).toMatchObject({ keep: 'a', renew: false }));

  it('is to renew it three days before its end', () => {
    expect(plan(one('a', { endsAt: NOW + 3 * DAY }))).toMatchObject({ keep: 'a', renew: false });
    expect(plan(one('a', { endsAt: NOW + 3 * DAY - 1 }))).toMatchObject({ keep: 'a', renew: true });
  });

  it('is to remove those that are too many, and every instance chooses the same', () => {
    const listed = [one('b'), one('a'), one('0', { endsAt: NOW + 10 * DAY })];
    expect(plan(...listed)).toEqual({ keep: 'a', renew: false, remove: ['b', '0'] });
    expect(plan(...listed.toReversed())).toMatchObject({ keep: 'a' });
  });

  it('is to replace one of another key', () => {
    const old = one('a', { lifecycleNotificationUrl: `${URL}?key=0123456789abcdef` });
    expect(plan(old)).toEqual({ keep: undefined, renew: false, remove: ['a'] });
    expect(plan(old, one('b'))).toEqual({ keep: 'b', renew: false, remove: ['a'] });
  });

  it('is to leave one that does not show its key, or that Graph writes otherwise', () => {
    expect(plan(one('a', { lifecycleNotificationUrl: null }))).toMatchObject({ keep: 'a', remove: [] });
    expect(plan(one('a', { resource: '/Users' }))).toMatchObject({ keep: 'a', remove: [] });
  });

  it.each([
    ['other things', { resource: 'groups' }],
    ['one user', { resource: 'users/11111111-2222-3333-4444-555555555555' }],
    ['another address', { notificationUrl: 'https://app.example/events/other' }],
    ['another origin', { notificationUrl: 'https://app.example.com/events/graph' }],
  ])('does not touch one to %s', (_, changes) => {
    expect(plan(one('a', changes))).toEqual({ keep: undefined, renew: false, remove: [] });
  });
});
