import { describe, expect, it } from '@jest/globals';
import { accountKey } from '../../../shared/account/account-key.ts';
import { indexKey } from '../../../shared/account/index-key.ts';
import { signoutTargets } from '../../../shared/signin/signout-targets.ts';
import { settingsWith } from '../settings/environment.ts';

const ISSUER = 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0';
const HERE = 'aaaaaaaa-1111-4111-8111-111111111111';
const HOME = 'bbbbbbbb-2222-4222-8222-222222222222';
const HOME_TENANT = 'cccccccc-3333-4333-8333-333333333333';
const GUEST = `${HOME}.${HOME_TENANT}`;
const OPERATORS = { OPERATOR_AUDIENCE: 'an-audience' };

/** The object ids by which somebody who signs in is found. */
function foundBy(changes: Record<string, string>, oid: string | undefined, homeAccountId: string): string[] {
  const settings = settingsWith(changes);
  const account = accountKey(homeAccountId, settings.op.clientId);
  const claims = { sub: 'subject', ...(oid !== undefined && { oid }) };
  const { indexes, tombstones } = signoutTargets(settings, ISSUER, { account, homeAccountId, claims, sid: 'sid-1' });
  const names = [HERE, HOME, 'subject.with.dots'];
  const found = names.filter((value) =>
    indexes.includes(indexKey(settings.op.clientId, ISSUER, { kind: 'oid', value })),
  );
  // Two more are `sid` and `sub`; nothing else is a row.
  expect(indexes).toHaveLength(2 + found.length);
  expect(tombstones).toHaveLength(indexes.length + 1);
  return found;
}

describe('the object ids that a sign-in is found by', () => {
  it('are both of a guest, the one here and the one at home', () => {
    expect(foundBy(OPERATORS, HERE, GUEST)).toEqual([HERE, HOME]);
  });

  it('are in lower case, whatever case they come in', () => {
    expect(foundBy(OPERATORS, HERE.toUpperCase(), GUEST.toUpperCase())).toEqual([HERE, HOME]);
  });

  it('are one, and one row, of who is at home here', () => {
    expect(foundBy(OPERATORS, HOME, GUEST)).toEqual([HOME]);
  });

  it('are none where no door needs them', () => {
    expect(foundBy({}, HERE, GUEST)).toEqual([]);
  });

  it('are not made of a home account id that is no pair of ids, or of another OP', () => {
    expect(foundBy(OPERATORS, undefined, 'subject.with.dots')).toEqual([]);
    expect(foundBy({ ...OPERATORS, AUTH_PROTOCOL: 'oidc' }, HERE, GUEST)).toEqual([HERE]);
  });
});
