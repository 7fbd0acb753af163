import { describe, expect, it } from '@jest/globals';
import { judge } from '../../../infra/doctor/examine.ts';
import type { Look, Standing } from '../../../infra/tenant/operator.ts';
import { parseOptions } from '../../../infra/tenant/options.ts';
import { fileNameFor, renderVerified } from '../../../infra/tenant/report.ts';
import { type Setting, verifyTenant } from '../../../infra/tenant/run.ts';
import { SCENARIOS } from '../../../infra/tenant/scenarios.ts';
import { healthy, NOW, ORIGIN } from '../doctor/support/healthy.ts';

const OBJECT_ID = '0defaced-1111-4000-8000-00000000000a';
const KINDS = 'Which kind';
const DONE = 'Enter when';
const WHO = 'Object id';

/** Answers by how a question begins, in order; the rest with `otherwise`. */
function person(
  answers: readonly (readonly [question: string, line: string | null])[],
  otherwise: string | null = 'y',
) {
  const left = [...answers];
  const said: string[] = [];
  let clock = 0;
  return {
    said,
    say: (line: string) => void said.push(line),
    async answer(question: string) {
      const at = left.findIndex(([begin]) => question.startsWith(begin));
      if (at < 0) return otherwise;
      return left.splice(at, 1)[0]?.[1] ?? null;
    },
    monotonic: () => clock,
    async pause(milliseconds: number) {
      clock += milliseconds;
    },
  };
}

const setting = (look: Look | null = null): Setting => ({
  version: '1.2.3',
  look,
  examine: async () => ({ outcome: 'asked', at: NOW, judged: judge(healthy()) }),
  now: () => new Date(NOW),
});

/** Says one thing after the other, the last for ever. */
function seeing(...standings: readonly Standing['account'][]): Look {
  const left = [...standings];
  return async () => {
    const account = left.length > 1 ? left.shift() : left[0];
    return account === 'unseen' ? { account, reason: 'token expired' } : { account: account ?? 'gone' };
  };
}

describe('the script for a tenant', () => {
  it('asks of each scenario of that kind of tenant, and writes down what the person saw', async () => {
    const verified = await verifyTenant(person([[KINDS, '1']]), setting());
    const ids = SCENARIOS.filter(({ kinds }) => kinds.includes('workforce')).map(({ id }) => id);
    expect(verified?.tried.map(({ scenario }) => scenario.id)).toEqual(ids);
    expect(verified?.tried.every(({ outcome, seenBy }) => outcome === 'holds' && seenBy === 'person')).toBe(true);
  });

  /** Signed out here, after a sign-in that was left out, and whom the operator door is asked about. */
  const SIGNED_OUT = [
    [KINDS, 'other'],
    [DONE, 's'],
    [WHO, OBJECT_ID],
    [WHO, OBJECT_ID],
  ] as const;

  it('looks by the operator door until the account is gone, and says how long it took', async () => {
    const verified = await verifyTenant(person(SIGNED_OUT), setting(seeing('stands', 'stands', 'gone')));
    expect(verified?.tried.slice(0, 2)).toMatchObject([
      { scenario: { id: 'sign-in' }, outcome: 'not tried', seenBy: null },
      { scenario: { id: 'own-sign-out' }, outcome: 'holds', seenBy: 'machine', seconds: 2 },
    ]);
  });

  it('does not say that it holds where the account stays', async () => {
    const verified = await verifyTenant(person(SIGNED_OUT), setting(seeing('stands')));
    expect(verified?.tried[1]).toMatchObject({ outcome: 'does not hold', seenBy: 'machine', seconds: null });
  });

  it('asks the person where the machine sees nothing, and where the id could lead elsewhere', async () => {
    for (const [look, id] of [
      [seeing('unseen'), OBJECT_ID],
      [seeing('gone'), '../../health'],
    ] as const) {
      const verified = await verifyTenant(
        person([
          [KINDS, 'other'],
          [WHO, id],
          ['Does the page', 'n'],
        ]),
        setting(look),
      );
      expect(verified?.tried[0]).toMatchObject({ outcome: 'does not hold', seenBy: 'person' });
    }
  });

  it('ends where the person wants to, with what was seen until then', async () => {
    const verified = await verifyTenant(
      person([
        [KINDS, '3'],
        [DONE, ''],
        [DONE, 'q'],
      ]),
      setting(),
    );
    expect(verified?.tried).toHaveLength(1);
    expect(await verifyTenant(person([], null), setting())).toBeNull();
  });

  it('asks nothing where the application cannot be asked', async () => {
    const cannot = { outcome: 'cannot-be-asked', at: NOW, reason: 'Nobody listens.' } as const;
    const nobody = person([]);
    expect(await verifyTenant(nobody, { ...setting(), examine: async () => cannot })).toBeNull();
    expect(nobody.said).toEqual(['Nobody listens.']);
  });

  it('writes a dated page that names nobody', async () => {
    const verified = await verifyTenant(
      person([
        [KINDS, '1'],
        [WHO, OBJECT_ID],
      ]),
      setting(seeing('stands')),
    );
    if (verified === null) throw new Error('nothing was written');
    expect(fileNameFor(verified)).toBe('2026-11-29-workforce.md');
    const page = renderVerified(verified);
    expect(page).toMatch(/^# Entra ID, workforce tenant, 2026-11-29\n\nExeunt 1\.2\.3,/);
    expect(page).toContain('| `sign-in`: a user of the tenant signs in | holds | machine, 0 s |');
    expect(page).toContain('| `redirect-uri` | ok |');
    for (const name of [OBJECT_ID, ORIGIN, 'contoso']) expect(page).not.toContain(name);
  });

  it('has scenarios of ids of their own, each with something to do and to look at', () => {
    expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
    for (const { steps, question } of SCENARIOS) {
      expect(steps.length).toBeGreaterThan(0);
      expect(question).toMatch(/\?$/);
    }
  });
});

describe('the options of npm run tenant', () => {
  it('are an address, a folder and the scope of an operator', () => {
    expect(parseOptions(['https://app.contoso.com', '--operator-scope', 'api://x/.default'])).toEqual({
      origin: 'https://app.contoso.com',
      folder: 'docs/verified',
      operatorScope: 'api://x/.default',
    });
    expect(parseOptions(['--help'])).toBe('help');
  });

  it.each([[[]], [['http://app.contoso.com']], [['https://app.contoso.com', '--unknown']]])(
    'say what is wrong with %j',
    (args) => {
      expect(parseOptions(args)).toEqual({ mistake: expect.stringMatching(/^[^\n]+$/) });
    },
  );
});
