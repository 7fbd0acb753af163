import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { putBetween, renderChecks, renderScenarios } from '../../../infra/doctor/document.ts';
import { judge } from '../../../infra/doctor/examine.ts';
import { tell } from '../../../infra/doctor/tell.ts';
import { answered, healthy, NOW, ORIGIN, ready } from './support/healthy.ts';

const PAGE = 'docs/doctor.md';

/** A deployment with two faults, as the doctor tells it. */
function example(): string {
  const asked = healthy({
    authorize: answered(200, 'AADSTS50011: The redirect URI'),
    ready: ready({ lastSignin: { sid: 'session_state', loginHint: false } }),
  });
  const lines = tell(ORIGIN, { outcome: 'asked', at: NOW, judged: judge(asked) });
  return ['```', ...lines, '```'].join('\n');
}

it('docs/doctor.md has all checks, an example of what is told, and all that is to be seen at a tenant', () => {
  const page = readFileSync(PAGE, 'utf8');
  const whole = putBetween(
    putBetween(putBetween(page, 'checks', renderChecks()), 'scenarios', renderScenarios()),
    'example',
    example(),
  );
  // `WRITE_DOCS=1` with this test writes it anew.
  if (process.env.WRITE_DOCS === '1') writeFileSync(PAGE, whole);
  else expect(page).toBe(whole);
});
