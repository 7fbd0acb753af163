import { describe, expect, it } from '@jest/globals';
import { startStorageProxy } from '../faults/support/storage-proxy.ts';
import { diagnose, faultsOf, otherName, USUAL, withApp } from './support/doctor.ts';
import { localWorld } from './support/ground.ts';
import { OPERATOR_AUDIENCE } from './support/operator.ts';
import { bringIn } from './support/sign-in.ts';

const world = localWorld();

describe('the doctor, of the built application in the local host', () => {
  it('finds nothing wrong, and says whether sign-ins bring the claims once there was one', async () => {
    expect(await faultsOf(world.app)).toEqual({
      ...USUAL,
      sid: expect.stringMatching(/^unknown: Nobody has signed in/),
    });
    await bringIn(world);
    expect(await faultsOf(world.app)).toEqual(USUAL);
  });

  it('signs nobody in or out', async () => {
    const { browser } = await bringIn(world);
    await diagnose(world.app);
    expect((await browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(200);
  });

  it('relays which settings are wrong, and judges nothing by them', async () => {
    await withApp(world, { SESSION_KEYS: 'mark3r', HOME_PAGE: 'maybe' }, async (app) => {
      const faults = await faultsOf(app);
      expect(faults.settings).toMatch(/^wrong: HOME_PAGE: .* SESSION_KEYS: |^wrong: SESSION_KEYS: .* HOME_PAGE: /);
      expect(JSON.stringify(faults)).not.toContain('mark3r');
      expect(faults['redirect-uri']).toBe('unknown: See `settings`.');
    });
  });

  it('names a PUBLIC_ORIGIN that is another', async () => {
    await withApp(world, { PUBLIC_ORIGIN: 'https://app.contoso.com' }, async (app) => {
      expect(await faultsOf(app)).toMatchObject({
        'public-origin': expect.stringMatching(/^wrong: .*421/),
        'front-channel': 'unknown: It cannot be told: see `public-origin`.',
      });
    });
    const faults = await faultsOf({ origin: otherName(world.app) });
    expect(faults['public-origin']).toMatch(
      /^wrong: It is http:\/\/contoso\.localhost:\d+, and not http:\/\/localhost/,
    );
  });

  it('finds a storage and an OP that cannot be reached', async () => {
    const tables = world.azurite.tablesConnectionString.replace(/:\d+\//, ':9/');
    const changes = { TABLES_CONNECTION_STRING: tables, AUTH_METADATA_URL: 'http://127.0.0.1:9/' };
    await withApp(world, changes, async (app) => {
      const faults = await faultsOf(app);
      expect(faults.ready).toBe('wrong: The application cannot reach: storage, op.');
      expect(faults['redirect-uri']).toMatch(/^unknown: /);
    });
  }, 60_000);

  it('finds a storage that it may read and not write', async () => {
    const proxy = await startStorageProxy(world.azurite.tablesConnectionString);
    proxy.decide = ({ operation }) =>
      operation === 'read' || operation === 'list'
        ? undefined
        : ({ reply }) => reply({ status: 403, headers: {}, body: Buffer.alloc(0) });
    try {
      await withApp(world, { TABLES_CONNECTION_STRING: proxy.connectionString }, async (app) => {
        const faults = await faultsOf(app);
        expect(faults['front-channel-sid']).toMatch(/^wrong: .*storage cannot be written/);
      });
    } finally {
      await proxy.close();
    }
  });

  it('takes form_post, a page that is off and an open door for what they are', async () => {
    const changes = { AUTH_RESPONSE_MODE: 'form_post', HOME_PAGE: 'off', OPERATOR_AUDIENCE };
    await withApp(world, changes, async (app) => {
      expect(await faultsOf(app)).toEqual({
        ...USUAL,
        sid: expect.stringMatching(/^unknown: /),
        'api-guard': expect.stringMatching(/^unknown: The name of no API/),
      });
      expect(await faultsOf(app, { api: 'graph/me' })).not.toHaveProperty('api-guard');
    });
  });
});
