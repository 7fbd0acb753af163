import { describe, expect, it } from '@jest/globals';
import { parseNamed } from '../../../shared/operator/named.ts';
import { OP_METADATA, testApplication } from '../../support/application.ts';
import { ALICE, target } from '../../support/store.ts';

const { application } = testApplication();
const account = (segment: string) => parseNamed(application, OP_METADATA, 'home-account-id', segment);
const user = (segment: string) => parseNamed(application, OP_METADATA, 'object-id', segment);

describe("the name in an operator's path", () => {
  it('is an account by its home account id, percent-encoded or not', () => {
    const alice = { kind: 'account', account: ALICE, index: target('account', ALICE) };
    expect(account('alice.contoso')).toEqual(alice);
    expect(account('%61lice%2Econtoso')).toEqual(alice);
  });

  it('is a person by an object id, in any case', () => {
    expect(user('AAAA-1')).toEqual({ kind: 'target', index: target('oid', 'aaaa-1') });
  });

  it.each(['', '%', '%zz', '%ff', '%c3', 'a'.repeat(1_025), '%E2%82'])('is nobody in %j', (segment) => {
    expect(account(segment)).toBeNull();
    expect(user(segment)).toBeNull();
  });
});
