import { describe, expect, it } from '@jest/globals';
import { clientStateOf } from '../../../shared/directory/client-state.ts';
import { testKeyring } from '../../support/keyring.ts';

const TENANT = '11111111-2222-3333-4444-555555555555';

describe('the clientState', () => {
  const [first] = [clientStateOf(testKeyring(['k1']), TENANT)];

  it('is of the first key, and those of all keys are known', () => {
    const rotated = clientStateOf(testKeyring(['k2', 'k1']), TENANT);
    expect(rotated.value).not.toBe(first.value);
    expect([first.value, rotated.value].map(rotated.isOurs)).toEqual([true, true]);
    expect(first.isOurs(rotated.value)).toBe(false);
  });

  it('differs by tenant and by application, which share keys', () => {
    const elsewhere = [
      clientStateOf(testKeyring(['k1']), TENANT.replace('1', '2')),
      clientStateOf(testKeyring(['k1'], undefined, 'fabrikam'), TENANT),
    ];
    for (const { value, fingerprint } of elsewhere) {
      expect(first.isOurs(value)).toBe(false);
      expect(fingerprint).not.toBe(first.fingerprint);
    }
  });

  it.each(['', 'x', first.fingerprint, first.value.slice(1), `${first.value}=`, ` ${first.value}`])(
    'is not %j',
    (text) => {
      expect(first.isOurs(text)).toBe(false);
    },
  );

  it('fits into what Graph keeps', () => expect(first.value.length).toBeLessThanOrEqual(128));
});
