import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Browser } from './support/browser.ts';
import { signIn } from './support/sign-in.ts';
import { accountRow, sessionIdsIn } from './support/stored.ts';
import { RAISE_MILLISECONDS, raiseWorld, type World } from './support/world.ts';
let world: World;
beforeAll(async () => { world = await raiseWorld(); }, RAISE_MILLISECONDS);
afterAll(() => world.stop());
it('x', async () => {
    const [alice, bob] = [world.newPerson(), world.newPerson()];
    const [shared, other] = [new Browser(), new Browser()];
    await signIn(shared, world.app, alice);
    console.log(await accountRow(world, alice, world.app));
    await signIn(other, world.app, alice);
    console.log(sessionIdsIn(await accountRow(world, alice, world.app)));
    console.log((await other.fetch(world.app.origin + '/auth/session')).text);
    await signIn(shared, world.app, bob, `?loginHint=${bob.upn}`);
    console.log(sessionIdsIn(await accountRow(world, alice, world.app)));
    console.log((await other.fetch(world.app.origin + '/auth/session')).text);
    await world.op.rotateKeys();
    for (let i = 0; i < 8; i++) { try { await signIn(new Browser(), world.app, world.newPerson()); console.log('ok'); } catch (e) { console.log(String(e)); } await new Promise(r => setTimeout(r, 300)); }
    console.log(world.app.host.lines.join('\n'));
}, 20000);
