import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '../../../shared/signin/callback-error.ts';

describe("the OP's error", () => {
  it.each([
    ['access_denied', 'access_denied'],
    ['login_required', 'interaction_required'],
    ['temporarily_unavailable', 'op_unavailable'],
    ['invalid_scope', 'op_error'],
  ])('%s is %s, and the log has its word', (error, code) => {
    expect(refusalOf(error)).toEqual([code, error]);
  });

  it.each(['made-up', '', 'ACCESS_DENIED', 'constructor'])(
    '"%s" is none that it may use: the log does not repeat it',
    (error) => {
      expect(refusalOf(error)).toEqual(['op_error', 'unknown-error']);
    },
  );
});
