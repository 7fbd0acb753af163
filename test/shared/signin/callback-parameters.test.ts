import { describe, expect, it } from '@jest/globals';
import { parseCallback } from '../../../shared/signin/callback-parameters.ts';

const parse = (query: string) => parseCallback(new URLSearchParams(query));

describe('an authorization response', () => {
  it('brings a code', () => {
    expect(parse('code=c&state=s')).toEqual({ state: 's', code: 'c', error: null, iss: null, sessionState: null });
  });

  it('brings an error', () => {
    expect(parse('error=access_denied&error_description=no&state=s')).toEqual({
      state: 's',
      code: null,
      error: 'access_denied',
      iss: null,
      sessionState: null,
    });
  });

  it('may name its issuer and the OP session, and carry what we do not know', () => {
    expect(parse('code=c&state=s&iss=https://op&session_state=i&client_info=x&client_info=y')).toMatchObject({
      iss: 'https://op',
      sessionState: 'i',
    });
  });

  it.each([
    ['is empty', ''],
    ['has no state', 'code=c'],
    ['has an empty state', 'code=c&state='],
    ['has neither code nor error', 'state=s'],
    ['has both code and error', 'code=c&error=e&state=s'],
    ['has two codes', 'code=c&code=d&state=s'],
    ['has two states', 'code=c&state=s&state=t'],
    ['has two errors', 'error=e&error=f&state=s'],
    ['has two issuers', 'code=c&state=s&iss=a&iss=b'],
    ['has two session_states', 'code=c&state=s&session_state=a&session_state=b'],
    ['has a huge code', `code=${'c'.repeat(8_193)}&state=s`],
    ['has a huge state', `code=c&state=${'s'.repeat(8_193)}`],
  ])('that %s is none', (_, query) => {
    expect(parse(query)).toBeNull();
  });
});
