import { describe, expect, it } from '@jest/globals';
import { vaultAddress } from '../../../infra/keys/clouds.ts';
import { parseSighting } from '../../../infra/keys/instances.ts';
import { HELP, readOptions } from '../../../infra/keys/options.ts';
import { newEntry, readKeys } from '../../../infra/keys/session-keys.ts';
import { keyOf } from '../../shared/settings/environment.ts';
import { APP, SITE } from './world.ts';

const problem = (args: readonly string[], environment: Record<string, string> = {}): string => {
  const read = readOptions(args, environment);
  return read !== 'help' && 'mistake' in read ? read.mistake : 'none';
};

describe('a vault', () => {
  it.each([
    ['contoso-kv', 'https://contoso-kv.vault.azure.net', 'https://management.azure.com'],
    ['https://contoso-kv.vault.azure.net/', 'https://contoso-kv.vault.azure.net', 'https://management.azure.com'],
    [
      'https://kv1.vault.usgovcloudapi.net',
      'https://kv1.vault.usgovcloudapi.net',
      'https://management.usgovcloudapi.net',
    ],
    ['https://kv1.vault.azure.cn/', 'https://kv1.vault.azure.cn', 'https://management.chinacloudapi.cn'],
  ])('%s has its address, and its cloud’s', (vault, origin, armOrigin) => {
    expect(vaultAddress(vault)).toMatchObject({ origin, armOrigin });
  });

  it.each([
    'https://contoso.vault.azure.net.evil.example',
    'https://evil.example/contoso.vault.azure.net',
    'http://contoso-kv.vault.azure.net',
    'https://a@contoso.vault.azure.net',
    'contoso.vault.azure.net',
    'evil.example/',
    'co--ntoso',
    '1kv',
    'x'.repeat(25),
  ])('%s is none: no token goes there', (vault) => {
    expect(vaultAddress(vault)).toBeNull();
  });
});

describe('the command line', () => {
  it('takes from the environment, where azd has them, what it does not say', () => {
    const environment = { AZURE_KEY_VAULT_NAME: 'contoso-kv', AZURE_FUNCTION_APP_ID: SITE, PUBLIC_ORIGIN: APP };
    const read = readOptions(['create'], environment);
    expect(read).toMatchObject({
      command: 'create',
      secretName: 'session-keys',
      apps: [APP],
      siteIds: [SITE],
      force: false,
    });
    expect(problem(['create'])).toMatch(/no --vault/);
  });

  it.each([
    [[], /one of create, status, rotate/],
    [['crate'], /one of create/],
    [['create', 'rotate'], /"rotate" is one word too many/],
    [['create', '--vault', 'https://evil.example'], /no name of a key vault/],
    [['create', '--vault', 'contoso-kv', '--secret', 'a/b'], /no name of a secret/],
    [['create', '--vault', 'contoso-kv', '--app-id', '/subscriptions/x/../..'], /no resource id/],
    [['rotate', '--vault', 'contoso-kv'], /--app is missing/],
    [['rotate', '--vault', 'contoso-kv', '--app', 'http://app.contoso.com'], /no https origin/],
    [['rotate', '--vault', 'contoso-kv', '--app', `${APP}/path`], /no https origin/],
    [['rotate', '--vault', 'contoso-kv', '--app', APP, '--instances', '0'], /--instances is no whole number/],
    [['replace', '--vault', 'contoso-kv', '--app', APP], /--everybody-out/],
    [['create', '--vault', 'contoso-kv', '--key', 'k1:x'], /Unknown option '--key'/],
  ])('%j is refused in one line', (args, expected) => {
    expect(problem(args)).toMatch(expected);
    expect(problem(args)).toMatch(/^[^\n]* \(npm run keys -- --help lists the options\)$/);
  });

  it('is all in the help', () => {
    expect(readOptions(['--help'], {})).toBe('help');
    for (const name of ['vault', 'secret', 'app', 'app-id', 'instances', 'quiet-minutes', 'force', 'everybody-out'])
      expect(HELP).toContain(`--${name}`);
  });

  it('asks nobody where somebody insists', () => {
    expect(problem(['drop-old', '--vault', 'contoso-kv', '--force'])).toBe('none');
  });
});

describe('what the vault has', () => {
  const two = `k1:${keyOf(1)},k2:${keyOf(2)}`;

  it.each([
    [`k1:${keyOf(1)}`, undefined, 'at-rest'],
    [two, 'spreading', 'spreading'],
    [two, 'sealing', 'sealing'],
    // Whoever wrote one key by hand need not know of tags.
    [`k1:${keyOf(1)}`, 'sealing', 'at-rest'],
  ])('of %# keys is in a step', (value, tag, step) => {
    expect(readKeys(value, tag)).toMatchObject({ ok: true, state: { step } });
  });

  it.each([
    [two, undefined],
    [two, 'at-rest'],
    [`${two},k3:${keyOf(3)}`, 'sealing'],
    ['k1:short', undefined],
    ['', undefined],
  ])('that nobody can tell (%#) is a problem, told without the value', (value, tag) => {
    const read = readKeys(value, tag);
    expect(read.ok).toBe(false);
    expect(JSON.stringify(read)).not.toMatch(/short|AQEB|AgIC/);
  });
});

describe('an answer of /health/ready', () => {
  it.each([
    '',
    'null',
    '[]',
    '{"code":"settings_invalid","mistakes":[]}',
    '{"instance":"a","sessionKeys":{"seals":"k1","opens":"k1","neededMinutes":1}}',
    '{"instance":"a","sessionKeys":{"seals":"k1","opens":["k1"]}}',
    '{"instance":"a","sessionKeys":{"seals":"k1","opens":["k1"],"neededMinutes":-1000000}}',
    '{"instance":"a","sessionKeys":{"seals":"k1","opens":["k1"],"neededMinutes":1e300}}',
    '{"instance":"\\u001b[2J","sessionKeys":{"seals":"k1","opens":["k1"],"neededMinutes":1}}',
    '{"instance":"a","sessionKeys":{"seals":"k1","opens":["k1","\\u001b[2J"],"neededMinutes":1}}',
  ])('that is %s says nothing of keys', (text) => {
    expect(parseSighting(text)).toBeNull();
  });
});

describe('a new key', () => {
  it('has an id that no other of its day has had, also one that is gone', () => {
    const now = Date.UTC(2026, 10, 29, 12);
    const idAfter = (...taken: string[]) => newEntry(() => Buffer.alloc(32, 1), now, taken).split(':')[0];
    expect([idAfter(), idAfter('k1'), idAfter('2026-11-28')]).toEqual(Array(3).fill('2026-11-29'));
    expect(idAfter('2026-11-29')).toBe('2026-11-29-2');
    expect(idAfter('2026-11-29-2')).toBe('2026-11-29-3');
    expect(idAfter('2026-11-29-9', '2026-11-29-2')).toBe('2026-11-29-10');
  });
});
