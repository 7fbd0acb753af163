import { setTimeout as passed } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { PROBLEMS, type ProblemCode } from '../../shared/http/problems.ts';
import { expectProblem } from './support/headers.ts';
import { API_PROVOCATIONS } from './support/provocations/api.ts';
import { APPLICATION_PROVOCATIONS } from './support/provocations/application.ts';
import { scene } from './support/provocations/raise.ts';
import { ask, CSRF, type Provocation, type Provoked } from './support/provocations/scene.ts';
import { SERVICE_PROVOCATIONS } from './support/provocations/services.ts';
import { SESSION_PROVOCATIONS } from './support/provocations/session.ts';
import { SIGN_IN_PROVOCATIONS } from './support/provocations/sign-in.ts';
import { bringIn } from './support/sign-in.ts';

/** A code without a provocation does not compile. */
const PROVOCATIONS: Record<ProblemCode, Provocation> = {
  ...SIGN_IN_PROVOCATIONS,
  ...SESSION_PROVOCATIONS,
  ...API_PROVOCATIONS,
  ...SERVICE_PROVOCATIONS,
  ...APPLICATION_PROVOCATIONS,
};
const CODES = Object.keys(PROBLEMS) as ProblemCode[];
/** A line reaches this process a moment after the answer; one that is not there by then was not written. */
const LINE_MILLISECONDS = 2_000;

const stage = scene();

type Line = Readonly<Record<string, unknown>>;

/** The lines of one invocation, once one of them has the code. */
async function linesOf({ host }: Provoked, code: ProblemCode, id: string): Promise<Line[]> {
  await Promise.race([
    host.line(new RegExp(`"code":"${code}".*"id":"${id}"`)),
    passed(LINE_MILLISECONDS, undefined, { ref: false }),
  ]);
  const lines = host.lines.filter((line) => line.startsWith('{"event":') && line.includes(id));
  return lines.map((line) => JSON.parse(line) as Line);
}

/** The id in the document; where nobody is left to read one, that in the log. */
function idOf({ host, answer }: Provoked, code: ProblemCode): string {
  if (answer !== null) return String(answer.json().instance).replace('urn:uuid:', '');
  const line = host.lines.find((one) => one.includes(`"code":"${code}"`)) ?? '{}';
  return String((JSON.parse(line) as Line).id);
}

describe('every code', () => {
  it.each(CODES)(
    '%s is answered, in full, by a document of its own; its id is in the log',
    async (code) => {
      const { status, title, detail } = PROBLEMS[code];
      const provoked = await PROVOCATIONS[code](stage);
      const { answer, carried, members = {} } = provoked;
      if (answer !== null) {
        const { type, instance, ...document } = expectProblem(answer, status, code);
        expect(document).toEqual({ title, status, detail, code, ...members });
      }

      const lines = await linesOf(provoked, code, idOf(provoked, code));
      expect(lines.filter((line) => line.code === code)).not.toEqual([]);
      // An operator finds not only that, but why; of settings the start has said so.
      if (status >= 500 && code !== 'settings_invalid') {
        expect(lines.filter(({ reason, stack }) => reason !== undefined || stack !== undefined)).not.toEqual([]);
      }

      const { world, app, scripted, visitor } = stage;
      const secrets = [world.sessionKeys, app.clientSecret, scripted.clientSecret, visitor.person.oid, visitor.sid];
      const told = `${answer?.text}${JSON.stringify(answer?.headers)}${JSON.stringify(lines)}`;
      for (const secret of [...carried, ...secrets]) expect(told).not.toContain(secret);
    },
    30_000,
  );
});

describe('why nobody is signed in', () => {
  it.each<[string, (cookie: string) => Readonly<Record<string, string>>]>([
    ['no-cookie', () => ({})],
    ['cookie-unreadable', () => ({ cookie: '__Host-session=made-up' })],
    ['session-gone', (cookie) => ({ cookie })],
  ])('is in the log: %s', async (reason, headersOf) => {
    const { world, app } = stage;
    const { browser } = await bringIn(world, world.newPerson(), app);
    const headers = headersOf(`__Host-session=${browser.cookie(app.origin, '__Host-session')}`);
    await browser.submit(`${app.origin}/auth/signout`, {}, app.origin);
    for (const path of ['/auth/session', '/auth/sessions', '/api/graph/me']) {
      const provoked = await ask(app, path, { headers: { ...CSRF, ...headers } });
      const lines = await linesOf(provoked, 'session_required', idOf(provoked, 'session_required'));
      expect(lines.filter((line) => line.code === 'session_required')).toEqual([expect.objectContaining({ reason })]);
    }
  });
});
