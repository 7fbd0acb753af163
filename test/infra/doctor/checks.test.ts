import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Asked } from '../../../infra/doctor/asked.ts';
import { CHECKS } from '../../../infra/doctor/checks.ts';
import { judge } from '../../../infra/doctor/examine.ts';
import { asJson, tell } from '../../../infra/doctor/tell.ts';
import { APPLICATION_CASES } from './support/cases/application.ts';
import { OP_CASES } from './support/cases/op.ts';
import { PLATFORM_CASES } from './support/cases/platform.ts';
import { SIGN_IN_CASES } from './support/cases/sign-in.ts';
import { SIGN_OUT_CASES } from './support/cases/sign-out.ts';
import { answered, healthy, NOW, ORIGIN, ready, refusal, SECRET } from './support/healthy.ts';

const CASES = [...PLATFORM_CASES, ...APPLICATION_CASES, ...SIGN_IN_CASES, ...SIGN_OUT_CASES, ...OP_CASES];

/** What a check finds of a deployment that is good but for one thing. */
function finding(id: string, changes: Partial<Asked>) {
  const found = judge(healthy(changes)).find(({ check }) => check.id === id);
  if (found === undefined) throw new Error(`no check ${id}`);
  return found;
}

describe('the checks', () => {
  it('find a good deployment good, but for what only the OP knows', () => {
    const bad = judge(healthy()).filter(({ verdict }) => verdict !== 'ok');
    expect(bad.map(({ check }) => check.id)).toEqual(['logout-url']);
  });

  it.each(CASES)('%s, where %s', (id, _when, changes, verdict, says) => {
    expect(finding(id, changes)).toMatchObject({ verdict, says: expect.stringMatching(says) });
  });

  it('are all tried where they find something, and each has an id of its own', () => {
    const tried = new Set(CASES.filter(([, , , verdict]) => verdict !== 'ok').map(([id]) => id));
    expect(CHECKS.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual(['reachable']);
    expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
  });

  it('say what to do of all that is wrong or to be looked at', () => {
    for (const [id, , changes, verdict] of CASES) {
      if (verdict === 'wrong' || verdict === 'warn') expect(finding(id, changes).todo).toMatch(/\w{3}/);
    }
  });

  it('lead to a heading that is there', () => {
    for (const { doc } of CHECKS) {
      const [file = '', anchor] = doc.split('#');
      const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm);
      if (anchor === undefined) continue;
      const anchors = [...headings].map(([, text = '']) =>
        text
          .toLowerCase()
          .replace(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      );
      expect(anchors).toContain(anchor);
    }
  });

  it('say nothing but that the settings come first, of all that needs them', () => {
    const broken = { ready: refusal(503, 'settings_invalid', { mistakes: [] }) };
    for (const { check, says } of judge(healthy(broken))) {
      const { of } = CHECKS.find(({ id }) => id === check.id) ?? {};
      if (of !== 'platform') expect(says).toBe('See `settings`.');
    }
  });

  it('leave out what a function app of the directory door alone has not', () => {
    const judged = judge(
      healthy({ ready: ready({ doors: ['directory'] }), signin: answered(404), session: answered(404) }),
    );
    expect(judged.filter(({ verdict }) => verdict === 'wrong')).toEqual([]);
    expect(judged.map(({ check }) => check.id)).toContain('ready');
    expect(judged.map(({ check }) => check.id)).not.toContain('sign-in');
  });

  it('tell nothing that was secret in what they judge, and no command to a terminal', () => {
    const hostile = '\u001b[2J\u202e mark3d';
    const worst = healthy({
      ready: refusal(503, 'settings_invalid', { mistakes: [{ setting: 'HOME_PAGE', problem: `is ${hostile}` }] }),
      page: answered(200, SECRET, { setCookies: [`${hostile}=${SECRET}`] }),
    });
    for (const asked of [healthy(), worst, ...CASES.map(([, , changes]) => healthy(changes))]) {
      const diagnosis = { outcome: 'asked', at: NOW, judged: judge(asked) } as const;
      const told = [...tell(ORIGIN, diagnosis), asJson(ORIGIN, diagnosis)].join('');
      expect(told).not.toContain(SECRET);
      expect(told).not.toMatch(/[\u001b\u202e]/);
    }
  });

  it.each([
    ['a form after another', '<form '],
    ['a field after another', '<form action="https://app.contoso.com/auth/callback"> name="error" '],
  ])('are done at once with a page that is made to keep them busy: %s', (_what, piece) => {
    const text = piece.repeat(Math.ceil((512 * 1024) / piece.length));
    const began = process.cpuUsage();
    finding('redirect-uri', { authorize: answered(200, text) });
    expect(process.cpuUsage(began).user / 1_000).toBeLessThan(5_000);
  });
});
