import { Browser } from '../../http/support/browser.ts';
import { changed, type ScriptedGround } from '../../http/support/ground.ts';
import { expectProblem } from '../../http/support/headers.ts';
import type { Claims } from '../../http/support/scripted-op.ts';
import { comeBack } from '../../http/support/scripted-sign-in.ts';
import { storedRows } from '../../http/support/stored.ts';
import type { RunningApp } from '../../http/support/world.ts';
import type { Checks } from '../conforms.ts';
import { expectNobodySignedIn, expectSignedIn } from '../support/ground.ts';

const seconds = () => Math.floor(Date.now() / 1_000);

/** OpenID Connect Core 1.0 section 3.1.3.7, steps 12 and 13: what a sign-in was asked to prove. */
export function assuranceChecks(ground: ScriptedGround): Checks {
  const comesBack = async (app: RunningApp, query: string, claims: Claims) => {
    ground.op.idToken = changed(ground, claims);
    return (await comeBack(ground.op, app, new Browser(), {}, query)).answer;
  };
  const isHeldTo = async (app: RunningApp, query: string, good: Claims, bad: readonly Claims[]) => {
    for (const claims of bad) {
      const before = await storedRows(ground.world);
      await expectNobodySignedIn(ground, await comesBack(app, query, claims), before);
    }
    expectSignedIn(await comesBack(app, query, good));
  };

  return {
    '3.1.3.7-acr': async () => {
      const apis = JSON.parse(ground.app.environment.DOWNSTREAM_APIS ?? '{}');
      const odd = { ...apis.odd, stepUp: [{ routes: ['GET /any/**'], acrs: ['phr'] }] };
      const app = await ground.world.startApp({ AUTH_PROTOCOL: 'oidc', DOWNSTREAM_APIS: JSON.stringify({ odd }) });
      try {
        await isHeldTo(app, '?api=odd&acrs=phr', { acr: 'phr' }, [{}, { acr: 'phrh' }, { acr: '0' }]);
        // Nor does one count that nobody asked for, where a route wants another.
        const browser = new Browser();
        ground.op.idToken = changed(ground, { acr: '0' });
        await comeBack(ground.op, app, browser);
        const call = await browser.fetch(`${app.origin}/api/odd/any/thing`, { headers: { 'x-csrf': '1' } });
        expectProblem(call, 401, 'step_up_required');
      } finally {
        await app.host.stop();
      }
    },
    '3.1.3.7-auth-time': () =>
      isHeldTo(ground.app, '?maxAge=300', { auth_time: seconds() - 60 }, [
        {},
        { auth_time: seconds() - 330 },
        { auth_time: String(seconds()) },
      ]),
  };
}
