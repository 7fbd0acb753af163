import { describe, expect, it } from '@jest/globals';
import { PROBLEMS, type ProblemKind } from '../../../shared/http/problems.ts';

const problems: [string, ProblemKind][] = Object.entries(PROBLEMS);

describe.each(problems)('the problem %s', (code, { status, title, detail, advice }) => {
  it('has a code that is a word of the wire', () => expect(code).toMatch(/^[a-z]+(?:_[a-z]+)*$/));
  it('has a status of an error', () => expect(status >= 400 && status <= 599).toBe(true));
  it('says in plain sentences what happened and what to do', () => {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    for (const sentence of [detail, advice]) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
  it('fits on a phone', () => expect(title.length).toBeLessThanOrEqual(60));
});

describe('the statuses that DESIGN gives', () => {
  it.each([
    ['return_to_invalid', 400],
    ['session_required', 401],
    ['consent_required', 401],
    ['csrf_header_missing', 403],
    ['route_not_allowed', 403],
    ['api_unknown', 404],
    ['session_unknown', 404],
    ['signout_scope_invalid', 400],
    ['api_unreachable', 502],
    ['api_timeout', 504],
    ['settings_invalid', 503],
    ['signout_unfinished', 503],
    ['logout_request_invalid', 400],
  ] as const)('%s is %i', (code, status) => expect(PROBLEMS[code].status).toBe(status));
});
