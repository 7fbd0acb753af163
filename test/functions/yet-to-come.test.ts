import type { HttpRequest, InvocationContext, Timer } from '@azure/functions';
import { describe, expect, it } from '@jest/globals';
import { type Composition, compose } from '../../functions/compose.ts';
import { declared } from '../../functions/declared.ts';
import { atEdge } from '../../functions/edge.ts';
import { inTime } from '../../functions/in-time.ts';
import { QUEUES, TIMERS } from '../../functions/routes.ts';
import { CLOCK_SKEW_MILLISECONDS } from '../../shared/ambient/clock-skew.ts';
import { watchConnections } from '../../shared/connection/connections.ts';
import { json } from '../../shared/http/answers.ts';
import type { Answer } from '../../shared/http/message.ts';
import { parseSettings } from '../../shared/settings/parse.ts';
import { LEAST } from '../shared/settings/environment.ts';
import { createTestAmbient, TEST_EPOCH, type TestAmbient } from '../support/ambient.ts';

const MINUTE = 60_000;
const context = {
  invocationId: 'run-1',
  functionName: 'session',
  log: () => undefined,
} as unknown as InvocationContext;

const parsedAt = (now: number, notBefore: number, more: Record<string, string> = {}) =>
  parseSettings({ ...LEAST, SESSIONS_NOT_BEFORE: new Date(notBefore).toISOString(), ...more }, now);

interface Instance {
  readonly ambient: TestAmbient;
  readonly composition: Composition;
  readonly ask: () => Promise<Answer>;
  /** How many requests came through. */
  readonly answered: () => number;
}

/** An instance that started with its clock so far behind SESSIONS_NOT_BEFORE, and whose clock is a test's. */
function instance(behind: number): Instance {
  const ambient = createTestAmbient();
  const composed = compose(parsedAt(ambient.now(), ambient.now() + behind), watchConnections());
  if (!composed.ok) throw new Error(JSON.stringify(composed.mistakes));
  const { application } = composed.composition;
  const store = { ...application.store, ambient };
  const composition = { ...composed.composition, application: { ...application, store } };
  let answered = 0;
  const handler = atEdge({ ok: true, composition }, () => {
    answered += 1;
    return json(200, {});
  });
  const headers = new Headers({ host: 'app.contoso.com' });
  const request = { method: 'GET', url: 'https://app.contoso.com/auth/session', headers, body: null };
  return {
    ambient,
    composition,
    ask: () => handler(request as unknown as HttpRequest, context),
    answered: () => answered,
  };
}

describe('an instance that starts before SESSIONS_NOT_BEFORE by its own clock', () => {
  it('refuses all requests, and says why, until its clock has come there: then it works, without a restart', async () => {
    const { ambient, ask, answered } = instance(MINUTE);
    const mistake = { setting: 'SESSIONS_NOT_BEFORE', problem: expect.stringContaining('in the future') };
    for (const passing of [0, MINUTE - CLOCK_SKEW_MILLISECONDS - 1]) {
      ambient.advance(passing);
      const refused = await ask();
      expect(refused.status).toBe(503);
      expect(JSON.parse(String(refused.body))).toMatchObject({ code: 'settings_invalid', mistakes: [mistake] });
      expect(answered()).toBe(0);
    }
    ambient.advance(1);
    expect((await ask()).status).toBe(200);
    expect(answered()).toBe(1);
  });

  it('refuses again where its clock is set back', async () => {
    const { ambient, ask } = instance(MINUTE);
    ambient.advance(MINUTE);
    expect((await ask()).status).toBe(200);
    ambient.setWallClock(TEST_EPOCH);
    expect((await ask()).status).toBe(503);
  });

  it('has its timers and queues registered, as nothing registers them later', () => {
    const parsed = parsedAt(TEST_EPOCH, TEST_EPOCH + MINUTE);
    expect(parsed.ok).toBe(false);
    const { timers, queues } = declared(parsed.ok ? null : (parsed.early ?? null));
    expect([timers, queues]).toEqual([TIMERS, QUEUES]);
  });

  it('sweeps nothing until then: a year that was mistyped ends nobody', async () => {
    const { ambient, composition } = instance(MINUTE);
    let runs = 0;
    const timer = inTime(composition, () => {
      runs += 1;
    });
    await timer({} as Timer, context);
    expect(runs).toBe(0);
    ambient.advance(MINUTE);
    await timer({} as Timer, context);
    expect(runs).toBe(1);
  });
});

describe('an instance whose other settings are mistaken too', () => {
  it('names all of them, and does not come up', () => {
    const parsed = parsedAt(TEST_EPOCH, TEST_EPOCH + MINUTE, { HOME_PAGE: 'maybe' });
    if (parsed.ok) throw new Error('it is right');
    expect(parsed.mistakes.map(({ setting }) => setting)).toEqual(['HOME_PAGE', 'SESSIONS_NOT_BEFORE']);
    expect(compose(parsed, watchConnections())).toEqual({ ok: false, mistakes: parsed.mistakes });
  });
});
