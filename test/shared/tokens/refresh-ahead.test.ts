import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeSessionId } from '../../../shared/account/session-record.ts';
import {
  createRefreshAhead,
  REFRESH_PAUSE_MILLISECONDS,
  type RefreshAhead,
} from '../../../shared/tokens/refresh-ahead.ts';
import { createTestAmbient, type TestAmbient } from '../../support/ambient.ts';

let ambient: TestAmbient;
let refreshes: RefreshAhead;
let failures: unknown[];
let finish: PromiseWithResolvers<void>;
beforeEach(() => {
  ambient = createTestAmbient();
  refreshes = createRefreshAhead(ambient.monotonic);
  failures = [];
  finish = Promise.withResolvers();
});

const alice = makeSessionId(() => Buffer.alloc(16, 1));
const bob = makeSessionId(() => Buffer.alloc(16, 2));
const begin = (sessionId = alice, scopes = ['User.Read']) =>
  refreshes.begin(
    sessionId,
    scopes,
    () => finish.promise,
    (error) => void failures.push(error),
  );
/** Until what follows from the end of a refresh has happened. */
const settled = () => ambient.sleep(0);

describe('a refresh that nobody waits for', () => {
  it('runs once at a time for a session and scopes, however many calls there are', () => {
    expect([begin(), begin(), begin()]).toEqual([true, false, false]);
    ambient.advance(10 * REFRESH_PAUSE_MILLISECONDS);
    expect(begin()).toBe(false);
  });

  it('of another session, or for other scopes, is another', () => {
    expect([begin(), begin(bob), begin(alice, ['Mail.Read'])]).toEqual([true, true, true]);
  });

  it.each(['fails', 'succeeds'])('and %s is followed by none until the pause is over', async (how) => {
    begin();
    if (how === 'fails') finish.reject(new Error('a bug'));
    else finish.resolve();
    await settled();
    ambient.advance(REFRESH_PAUSE_MILLISECONDS - 1);
    expect(begin()).toBe(false);
    ambient.advance(1);
    expect(begin()).toBe(true);
  });

  it('reaches whoever began it with what it throws, and nobody else', async () => {
    const bug = new Error('a bug');
    begin();
    finish.reject(bug);
    await settled();
    expect(failures).toEqual([bug]);
  });

  it('is remembered in bounded memory', () => {
    for (let sessions = 0; sessions < 20_001; sessions += 1) begin(alice, [`${sessions}`]);
    expect([begin(alice, ['20000']), begin(alice, ['0'])]).toEqual([false, true]);
  });
});
