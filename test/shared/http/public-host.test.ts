import { describe, expect, it } from '@jest/globals';
import { misdirection, type PublicAddress } from '../../../shared/http/public-host.ts';
import { APP_ORIGIN, testRequest } from '../../support/request.ts';

const DIRECT: PublicAddress = { publicOrigin: APP_ORIGIN, trustedProxy: null };
const PROXIED: PublicAddress = { ...DIRECT, trustedProxy: { header: 'x-proof', value: 'v'.repeat(32) } };
const proof = { 'x-proof': 'v'.repeat(32) };

describe('the host of a request', () => {
  it.each(['app.example', 'APP.EXAMPLE', 'app.example:443'])('is ours: %s', (host) => {
    expect(misdirection(testRequest({ host }), DIRECT)).toBeNull();
    expect(misdirection(testRequest({ host: 'x.example', 'x-forwarded-host': host, ...proof }), PROXIED)).toBeNull();
  });

  it.each([
    'user@app.example',
    'app.example@evil.example',
    'app.example, app.example',
    'app.example:99999',
    'app.example:443:443',
    'app.example/',
    'app.example\\',
    'app.example?',
    'app.example#',
    ' app.example',
    'app.example.',
    'ａpp.example',
    'app%2eexample',
    '',
  ])('is not ours: %j', (host) => {
    const headers = { get: (name: string) => (name === 'host' ? host : null), has: () => false, forEach: () => {} };
    expect(misdirection({ ...testRequest(), headers }, DIRECT)).toBe('host');
  });

  it('is what the browser asked for, whatever is said of forwarding by nobody in particular', () => {
    const forwarded = { 'x-forwarded-host': 'app.example' };
    expect(misdirection(testRequest({ host: 'x.example', ...forwarded }), DIRECT)).toBe('host');
    expect(misdirection(testRequest({ host: 'app.example', 'x-forwarded-host': 'x.example' }), DIRECT)).toBeNull();
  });

  it('is that of the URL where there is no header, as the Functions host sets it', () => {
    expect(misdirection(testRequest(), DIRECT)).toBeNull();
    expect(misdirection({ ...testRequest(), url: 'https://evil.example/' }, DIRECT)).toBe('host');
  });

  it('is not looked at before the proxy has proved itself', () => {
    for (const headers of [{}, { 'x-proof': '' }, { 'x-proof': 'V'.repeat(32) }]) {
      expect(misdirection(testRequest({ host: 'app.example', ...headers }), PROXIED)).toBe('proxy');
    }
    expect(misdirection(testRequest({ host: 'app.example', ...proof }), PROXIED)).toBeNull();
  });
});
