import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { renderErrors } from '../../../local/errors/render.ts';
import { refuse } from '../../../shared/http/answers.ts';
import { PROBLEMS, type ProblemCode, type ProblemKind } from '../../../shared/http/problems.ts';
import { testRequest } from '../../support/request.ts';

const problems = Object.entries(PROBLEMS) as [ProblemCode, ProblemKind][];

describe.each(problems)('the problem %s', (code, kind) => {
  const { status, title, detail, advice } = kind;
  it('has a code that is a word of the wire', () => expect(code).toMatch(/^[a-z]+(?:_[a-z]+)*$/));
  it('has a status of an error', () => expect(status >= 400 && status <= 599).toBe(true));
  it('says in plain sentences what happened and what to do', () => {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    for (const sentence of [detail, advice]) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
  it('says in plain sentences to developers when it happens and what to do', () => {
    for (const text of [kind.when, kind.developer, kind.operator ?? '`OK`.']) expect(text).toMatch(/^[A-Z`].*[.)]$/);
  });
  it('is told to a person on a page, with the id that the log has', () => {
    const { status: answered, body } = refuse(testRequest({ accept: 'text/html' }), code);
    expect(answered).toBe(status);
    expect(body).toContain('00000000-0000-4000-8000-000000000001');
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

describe('docs/errors.md', () => {
  it('is what `node local/errors.ts` makes of the registry', () => {
    expect(readFileSync('docs/errors.md', 'utf8')).toBe(renderErrors());
  });

  it('has every code once', () => {
    const codes = [...renderErrors().matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, code]) => code);
    expect(codes.toSorted()).toEqual(Object.keys(PROBLEMS).toSorted());
  });
});
