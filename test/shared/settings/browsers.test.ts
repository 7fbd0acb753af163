import { describe, expect, it } from '@jest/globals';
import { parseSettings } from '../../../shared/settings/parse.ts';
import { LEAST, problemsWith, settingsWith } from './environment.ts';

describe('SIBLING_ORIGINS', () => {
  it.each([
    ['https://spa.contoso.com', ['https://spa.contoso.com']],
    [
      ' https://SPA.contoso.com:443 , https://spa.contoso.com,https://b.contoso.com:8443',
      ['https://spa.contoso.com', 'https://b.contoso.com:8443'],
    ],
    ['https://contoso.com', ['https://contoso.com']],
    ['https://a.b.app.contoso.com', ['https://a.b.app.contoso.com']],
  ])('takes %j as browsers send it, each once', (text, expected) => {
    expect(settingsWith({ SIBLING_ORIGINS: text }).siblingOrigins).toEqual(expected);
  });

  it.each([
    ['http://localhost:7071', 'http://localhost:5173'],
    ['http://contoso.localhost:7071', 'http://spa.contoso.localhost:5173'],
    ['http://127.0.0.1:7071', 'http://127.0.0.1:5173'],
  ])('of %s takes %s, for developers', (PUBLIC_ORIGIN, SIBLING_ORIGINS) => {
    expect(settingsWith({ PUBLIC_ORIGIN, SIBLING_ORIGINS }).siblingOrigins).toEqual([SIBLING_ORIGINS]);
  });

  it.each([
    ['*', 'entry 1 must be one origin: there is no wildcard'],
    ['https://*.contoso.com', 'entry 1 must be one origin: there is no wildcard'],
    ['null', /^entry 1 is not an absolute URL/],
    ['https://spa.contoso.com,', /^entry 2 is not an absolute URL/],
    ['https://spa.contoso.com, http://b.contoso.com', /^entry 2 must be https/],
    ['https://spa.contoso.com/', /^entry 1 must be an origin only/],
    ['https://spa.contoso.com/app', /^entry 1 must be an origin only/],
    ['https://user@spa.contoso.com', /^entry 1 must not hold a user name/],
    ['spa.contoso.com', /^entry 1 is not an absolute URL/],
    [Array.from({ length: 17 }, (_, index) => `https://s${index}.contoso.com`).join(), 'must be at most 16'],
  ])('refuses %j', (text, problem) => {
    const said = typeof problem === 'string' ? problem : expect.stringMatching(problem);
    expect(problemsWith({ SIBLING_ORIGINS: text })).toEqual({ SIBLING_ORIGINS: said });
  });

  it.each([
    ['https://app.contoso.com', 'https://app.fabrikam.com'],
    ['https://app.contoso.com', 'https://app.contoso.com.evil.example'],
    ['https://app.contoso.com', 'http://localhost:5173'],
    ['http://localhost:7071', 'https://localhost:5173'],
    ['http://localhost:7071', 'http://127.0.0.1:5173'],
    ['http://127.0.0.1:7071', 'http://127.1.0.1:5173'],
    ['http://contoso.localhost:7071', 'http://fabrikam.localhost:5173'],
  ])('of %s refuses %s, from where no browser would send the session', (PUBLIC_ORIGIN, SIBLING_ORIGINS) => {
    expect(problemsWith({ PUBLIC_ORIGIN, SIBLING_ORIGINS })).toEqual({
      SIBLING_ORIGINS:
        'entry 1 is on another site than PUBLIC_ORIGIN, so that no browser would send the session with its calls',
    });
  });
});

describe('TRUSTED_PROXY', () => {
  it('is a header, its name in lower case', () => {
    expect(
      settingsWith({ TRUSTED_PROXY: 'X-Azure-FDID:  11111111-2222-3333-4444-555555555555 ' }).trustedProxy,
    ).toEqual({
      header: 'x-azure-fdid',
      value: '11111111-2222-3333-4444-555555555555',
    });
  });

  const SECRET = 's'.repeat(40);
  it.each([
    ['X-Azure-FDID', /must be a header, as name: value/],
    [SECRET, /must be a header, as name: value/],
    [`: ${SECRET}`, /must be a header, as name: value/],
    [`X Proxy: ${SECRET}`, /must be a header, as name: value/],
    ['X-Proxy: short', /at least 32 visible characters/],
    [`X-Proxy: ${SECRET} ${SECRET}`, /at least 32 visible characters/],
    [`X-Forwarded-Host: ${SECRET}`, /names a header that anybody sends/],
    [`Host: ${SECRET}`, /names a header that anybody sends/],
    [`Cookie: ${SECRET}`, /names a header that anybody sends/],
  ])('refuses %j, and never repeats it', (text, problem) => {
    const parsed = parseSettings({ ...LEAST, TRUSTED_PROXY: text });
    expect(problemsWith({ TRUSTED_PROXY: text })).toEqual({ TRUSTED_PROXY: expect.stringMatching(problem) });
    expect(JSON.stringify(parsed)).not.toContain(SECRET);
  });
});
