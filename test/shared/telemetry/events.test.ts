import { beforeAll, describe, expect, it } from '@jest/globals';
import { logTo } from '../../../functions/log-to.ts';
import type { LogEvent } from '../../../shared/log/log.ts';
import { type Recorded, type Recorder, startRecorder } from './recorded.ts';

let recorder: Recorder;
beforeAll(() => {
  recorder = startRecorder();
});

const RECEIPT = {
  event: 'signout.completed',
  door: 'front-channel',
  receivedAt: 1_000,
  goneAt: 3_500,
  accounts: ['0123456789abcdef'],
  sessions: 3,
  tokenCaches: 2,
  tries: 0,
  ms: 2_500,
} as const;

const CASES: readonly (readonly [LogEvent, Recorded])[] = [
  [{ event: 'signin.started' }, { 'exeunt.signin.outcomes{exeunt.outcome=started}': 1 }],
  [
    { event: 'signin.completed', account: 'a', ms: 250 },
    {
      'exeunt.signin.outcomes{exeunt.outcome=completed}': 1,
      'exeunt.signin.duration{exeunt.outcome=completed}': 0.25,
    },
  ],
  [
    { event: 'signin.again', ms: 500 },
    { 'exeunt.signin.outcomes{exeunt.outcome=again}': 1, 'exeunt.signin.duration{exeunt.outcome=again}': 0.5 },
  ],
  [
    { event: 'signin.refused', code: 'op_unavailable', reason: 'metadata-deadline' },
    { 'exeunt.signin.outcomes{exeunt.outcome=refused,error.type=op_unavailable}': 1 },
  ],
  [
    { event: 'token.refreshed', account: 'a', api: 'graph', ms: 100 },
    {
      'exeunt.refresh.outcomes{exeunt.outcome=refreshed,exeunt.api=graph}': 1,
      'exeunt.refresh.duration{exeunt.api=graph}': 0.1,
    },
  ],
  [
    { event: 'refresh.failed', api: 'graph', code: 'op_unavailable', reason: '503' },
    { 'exeunt.refresh.outcomes{exeunt.outcome=failed,exeunt.api=graph,error.type=op_unavailable}': 1 },
  ],
  [
    { event: 'session.ended', account: 'a', reason: 'refresh-token-dead' },
    { 'exeunt.refresh.outcomes{exeunt.outcome=ended,error.type=refresh-token-dead}': 1 },
  ],
  [
    RECEIPT,
    {
      'exeunt.signout.outcomes{exeunt.door=front-channel,exeunt.outcome=completed}': 1,
      'exeunt.signout.duration{exeunt.door=front-channel}': 2.5,
      'exeunt.signout.sessions{exeunt.door=front-channel}': 3,
      'exeunt.signout.token_caches{exeunt.door=front-channel}': 2,
    },
  ],
  [
    { event: 'signout.queued', door: 'own', reason: '503' },
    { 'exeunt.signout.outcomes{exeunt.door=own,exeunt.outcome=queued,error.type=503}': 1 },
  ],
  [
    { event: 'signout.delayed', door: 'own', tries: 2, reason: '503' },
    {
      'exeunt.signout.outcomes{exeunt.door=own,exeunt.outcome=delayed,error.type=503}': 1,
      'exeunt.signout.retries{exeunt.outcome=delayed}': 1,
    },
  ],
  [
    { event: 'signout.failed', door: 'own', reason: '503' },
    { 'exeunt.signout.outcomes{exeunt.door=own,exeunt.outcome=failed,error.type=503}': 1 },
  ],
  [
    { event: 'signout.refused', door: 'back-channel', reason: 'claim-aud' },
    { 'exeunt.signout.refusals{exeunt.door=back-channel,error.type=claim-aud}': 1 },
  ],
  [
    { event: 'operator.refused', reason: 'claim-roles' },
    { 'exeunt.signout.refusals{exeunt.door=operator,error.type=claim-roles}': 1 },
  ],
  [
    { event: 'security-event.refused', err: 'invalid_key', reason: 'ERR_JWKS_NO_MATCHING_KEY' },
    { 'exeunt.signout.refusals{exeunt.door=security-events,error.type=invalid_key}': 1 },
  ],
  [
    { event: 'directory.notified', users: 1, lifecycle: 0, dropped: 3 },
    { 'exeunt.signout.refusals{exeunt.door=directory,error.type=dropped}': 3 },
  ],
  [{ event: 'directory.notified', users: 1, lifecycle: 0, dropped: 0 }, {}],
  [{ event: 'operator.unverified', reason: 'metadata-deadline' }, {}],
  [{ event: 'retry.passed-on', tries: 1 }, { 'exeunt.signout.retries{exeunt.outcome=passed_on}': 1 }],
  [{ event: 'retry.failed', reason: 'unreadable' }, { 'exeunt.signout.retries{exeunt.outcome=failed}': 1 }],
  [{ event: 'error', name: 'TypeError', stack: '' }, {}],
];

describe('what the log is told', () => {
  const log = logTo({ invocationId: 'i', log: () => {}, error: () => {} });

  it.each(CASES)('is counted: %j', async (event, recorded) => {
    log(event);
    expect(await recorder.metrics()).toEqual(recorded);
  });

  it('says of a sign-out that the queue finished that it took a retry, and when it had come in', async () => {
    log({ ...RECEIPT, tries: 2, ms: 90_000 });
    expect(await recorder.metrics()).toMatchObject({
      'exeunt.signout.duration{exeunt.door=front-channel}': 90,
      'exeunt.signout.retries{exeunt.outcome=completed}': 1,
    });
  });
});
