import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { create, status } from '../../../infra/keys/create.ts';
import { refetch } from '../../../infra/keys/refetch.ts';
import { openVault } from '../../../infra/keys/vault.ts';
import { settingsWith } from '../../shared/settings/environment.ts';
import { SECRET, SITE, secretsIn, testWorld } from './world.ts';

describe('keys create', () => {
  it('writes one key of 32 bytes that the application takes, named by the day, and never says it', async () => {
    await using test = await testWorld();
    expect(await create(test.world)).toBe(0);
    const value = test.stored() ?? '';
    const { sessionKeys } = settingsWith({ SESSION_KEYS: value });
    expect(sessionKeys.map(({ kid, key }) => [kid, key.symmetricKeySize])).toEqual([['2026-11-21', 32]]);
    expect(test.said.join('\n')).toContain('2026-11-21');
    for (const secret of secretsIn(value)) expect(test.said.join('\n')).not.toContain(secret);
  });

  it('then has the function app read its references anew and start again', async () => {
    await using test = await testWorld();
    await create(test.world);
    expect(test.azure.actions).toEqual([
      `${SITE}/config/configreferences/appsettings/refresh?api-version=2022-03-01`,
      `${SITE}/restart?api-version=2024-11-01`,
    ]);
  });

  it('changes nothing at the next deployment, nor at any after it', async () => {
    await using test = await testWorld(['none:x']);
    await create(test.world);
    const before = structuredClone(test.azure.secrets);
    test.ambient.advance(86_400_000);
    expect([await create(test.world), await create(test.world)]).toEqual([0, 0]);
    expect(test.azure.secrets).toEqual(before);
    expect(test.said.at(-1)).toBe('There is nothing to do.');
    expect(test.azure.actions).toHaveLength(2);
  });

  it('sees to it at the next deployment that the app has the key, where that broke off', async () => {
    await using test = await testWorld();
    const refused = { outcome: 'refused', problem: 'Azure Resource Manager did not do restart: 409' } as const;
    expect(await create({ ...test.world, refetch: async () => refused })).toBe(1);
    const value = test.stored();
    expect(test.azure.actions).toEqual([]);
    expect(await create(test.world)).toBe(0);
    expect([test.stored(), test.azure.actions.length]).toEqual([value, 2]);
  });

  it('makes another key each time that it makes one', async () => {
    const values = [];
    for (let made = 0; made < 2; made += 1) {
      await using test = await testWorld();
      await create({ ...test.world, ambient: { ...test.ambient, randomBytes } });
      values.push(test.stored());
    }
    expect(values[0]).not.toBe(values[1]);
  });

  it('waits while the role assignment spreads', async () => {
    await using test = await testWorld();
    test.azure.forbidden = 3;
    expect(await create(test.world)).toBe(0);
    expect(test.ambient.sleeps).toEqual([15_000, 15_000, 15_000]);
    expect(test.said.filter((line) => line.startsWith('Not yet'))).toHaveLength(1);
    expect(test.stored()).toBeDefined();
  });

  it('gives up after ten minutes, and says which role is missing', async () => {
    await using test = await testWorld();
    test.azure.forbidden = Number.POSITIVE_INFINITY;
    expect(await create(test.world)).toBe(1);
    expect(test.said.at(-1)).toMatch(/^Not done: .*Key Vault Secrets Officer.*403 Forbidden ForbiddenByRbac/);
    expect(test.ambient.sleeps.length).toBe(40);
  });

  it('waits for no wonder: a token of another audience, a disabled secret, one that was deleted', async () => {
    await using test = await testWorld();
    const token = () => test.azure.token('graph');
    const vault = openVault({ origin: test.azure.origin, secretName: SECRET, token });
    expect(await create({ ...test.world, vault })).toBe(1);
    expect(test.said.at(-1)).toContain('of the tenant 11111111-2222-3333-4444-555555555555');
    test.azure.deleted.add(SECRET);
    expect(await create(test.world)).toBe(1);
    expect(test.said.at(-1)).toContain(`az keyvault secret recover --name ${SECRET}`);
    test.azure.deleted.clear();
    await create(test.world);
    for (const version of test.azure.secrets.get(SECRET) ?? []) version.enabled = false;
    expect(await create(test.world)).toBe(1);
    expect(test.said.at(-1)).toContain('disabled');
    expect(test.ambient.sleeps).toEqual([]);
  });

  it('two at once: the second finds the key of the first, or both are told', async () => {
    await using test = await testWorld();
    const codes = await Promise.all([create(test.world), create(test.world)]);
    const versions = test.azure.secrets.get(SECRET) ?? [];
    expect(versions.length === 1 || codes.includes(1)).toBe(true);
    expect(codes.filter((code) => code === 0).length).toBeLessThanOrEqual(1 + Number(versions.length === 1));
  });

  it('leaves alone what somebody else has put there', async () => {
    await using test = await testWorld();
    const own = `k1:${randomBytes(32).toString('base64')},k2:${randomBytes(32).toString('base64')}`;
    for (const value of ['@hidden-c0ffee', own]) {
      test.azure.secrets.set(SECRET, [{ version: 'v', value, tags: {}, created: 0, enabled: true }]);
      expect(await create(test.world)).toBe(1);
      expect(test.stored()).toBe(value);
      expect(test.said.join('\n')).not.toContain('c0ffee');
    }
  });

  it('is done when the app could not be told, and says what is left to do', async () => {
    await using test = await testWorld();
    const refused = { outcome: 'refused', problem: 'Azure Resource Manager did not do restart: 403' } as const;
    expect(await create({ ...test.world, refetch: async () => refused })).toBe(1);
    expect(test.said.at(-1)).toMatch(/the secret is written.*restart the function app/);
    expect(test.stored()).toBeDefined();
  });
});

describe('Azure Resource Manager', () => {
  it('that takes no such token, or knows no such app, is told by its status, and never the token', async () => {
    await using test = await testWorld();
    const at = (audience: 'arm' | 'vault', site: string) =>
      refetch({ origin: test.azure.origin, token: () => test.azure.token(audience) }, [site]);
    expect(await at('vault', SITE)).toEqual({
      outcome: 'refused',
      problem: 'Azure Resource Manager did not do config/configreferences/appsettings/refresh: 401',
    });
    expect(await at('arm', '/subscriptions/none')).toMatchObject({ problem: expect.stringMatching(/refresh: 404$/) });
    expect(await refetch({ origin: 'http://127.0.0.1:9', token: async () => 'x' }, [SITE])).toMatchObject({
      problem: expect.stringMatching(/: no answer$/),
    });
  });
});

describe('a vault', () => {
  it('that leads on to another place is not followed there, with the token', async () => {
    await using test = await testWorld();
    await using other = await testWorld();
    const fetchIt: typeof fetch = async (url, init) => {
      const answer = await fetch(url, init);
      if (!String(url).includes('/versions')) return answer;
      return Response.json({ value: [], nextLink: `${other.azure.origin}/secrets/${SECRET}/versions?api-version=7.6` });
    };
    const token = () => test.azure.token('vault');
    const vault = openVault({ origin: test.azure.origin, secretName: SECRET, token, fetchIt });
    expect(await vault.versions()).toMatchObject({
      outcome: 'refused',
      problem: expect.stringMatching(/another place/),
    });
  });

  it('that does not answer is told as such', async () => {
    const vault = openVault({ origin: 'http://127.0.0.1:9', secretName: SECRET, token: async () => 'x' });
    expect(await vault.read()).toMatchObject({ outcome: 'refused', passes: true });
  });
});

describe('keys status', () => {
  it('says the ids of the keys and who knows them, and no key', async () => {
    await using test = await testWorld(['old:secret-a', 'old:secret-a,new:secret-b']);
    await create(test.world);
    expect(await status(test.world)).toBe(0);
    const said = test.said.join('\n');
    expect(said).toContain('In the vault: 2026-11-21 (at-rest)');
    for (const secret of secretsIn(test.stored() ?? '')) expect(said).not.toContain(secret);
  });

  it('says that there are none', async () => {
    await using test = await testWorld();
    expect(await status(test.world)).toBe(1);
    expect(test.said).toEqual(['Not done: there are no session keys in the vault: create makes them.']);
  });
});

describe('what answers in place of a vault', () => {
  it.each(['<html>Sign in to this network</html>', '{}', '{"value":"x"}', 'null'])(
    'is taken for none: %s',
    async (text) => {
      const vault = openVault({
        origin: 'https://contoso-kv.vault.azure.net',
        secretName: SECRET,
        token: async () => 'a-token',
        fetchIt: async () => new Response(text),
      });
      expect(await vault.read()).toMatchObject({ outcome: 'refused', passes: false });
      expect(await vault.write({ step: 'at-rest', entries: ['k1:x'] }, 0)).toMatchObject({ outcome: 'refused' });
    },
  );

  it('has no say in what the terminal shows', async () => {
    const error = { code: 'Forbidden\u001b[2J', innererror: { code: 'ForbiddenByRbac' } };
    const vault = openVault({
      origin: 'https://contoso-kv.vault.azure.net',
      secretName: SECRET,
      token: async () => 'a-token',
      fetchIt: async () => Response.json({ error }, { status: 403 }),
    });
    const read = await vault.read();
    expect(JSON.stringify(read)).toContain('ForbiddenByRbac');
    expect(JSON.stringify(read)).not.toContain('[2J');
  });
});
