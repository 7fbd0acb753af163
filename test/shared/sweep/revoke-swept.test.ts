import { describe, expect, it } from '@jest/globals';
import { accountKey } from '../../../shared/account/account-key.ts';
import { sweepAndRevoke } from '../../../shared/sweep/revoke-swept.ts';
import { testApplication } from '../../support/application.ts';
import { HOUR } from '../../support/records.ts';
import { cacheWith, namesIn } from '../../support/refresh-tokens.ts';
import { signIn } from '../../support/signins.ts';
import { CLIENT_ID } from '../../support/store.ts';

const NAMES = Array.from({ length: 20 }, (_, index) => `person-${String(index).padStart(2, '0')}`);

/** Twenty people's sessions that have expired, each of an account of its own. */
async function expired(revocation: 'session' | 'off') {
  const ground = testApplication({ protocol: 'oidc', revocation });
  for (const name of NAMES) {
    await signIn(ground.store, { account: accountKey(name, CLIENT_ID), sid: name, cache: cacheWith(name) });
  }
  ground.store.ambient.advance(12 * HOUR);
  return ground;
}

describe('the sweep', () => {
  it('has the refresh tokens of all that it takes away revoked', async () => {
    const { application, script } = await expired('session');
    expect(await sweepAndRevoke(application)).toMatchObject({
      outcome: 'swept',
      counts: { accounts: NAMES.length },
      revocations: { revoked: NAMES.length, failed: 0 },
    });
    expect(namesIn(script.revoked)).toEqual(NAMES);
  });

  it('asks an OP that refuses no more in the same run, and takes everything away all the same', async () => {
    const { application, store } = await expired('session');
    let asked = 0;
    const known = await application.op.get();
    if ('outcome' in known) throw new Error('no OP');
    const revoke = async () => {
      asked += 1;
      return 'failed' as const;
    };
    const op = { get: async () => ({ ...known, tokens: { ...known.tokens, revoke } }) };
    expect(await sweepAndRevoke({ ...application, op })).toMatchObject({
      outcome: 'swept',
      counts: { accounts: NAMES.length },
      revocations: { revoked: 0, failed: NAMES.length },
    });
    expect(asked).toBeLessThan(NAMES.length);
    expect(store.tables.rows('accounts')).toEqual([]);
  });

  it('revokes nothing where that is switched off', async () => {
    const { application, script } = await expired('off');
    expect(await sweepAndRevoke(application)).toMatchObject({ counts: { accounts: NAMES.length } });
    expect(script.revoked).toEqual([]);
  });
});
