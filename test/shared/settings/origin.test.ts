import { describe, expect, it } from '@jest/globals';
import { isLoopbackHost } from '../../../shared/settings/origin.ts';
import { problemsWith, settingsWith } from './environment.ts';

describe('a loopback host', () => {
  it.each(['localhost', 'app.localhost', 'a.b.localhost', '127.0.0.1', '127.9.8.7', '[::1]'])('is %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });

  it.each([
    'notlocalhost',
    'localhost.contoso.com',
    '127.0.0.1.contoso.com',
    '0.0.0.0',
    '10.0.0.1',
    '128.0.0.1',
    '[::]',
    '[::2]',
    '::1',
    '',
  ])('is not %j', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });

  it.each(['http://127.1', 'http://0x7f000001', 'http://LOCALHOST', 'http://[0:0::1]'])('is found behind %s', (url) => {
    expect(isLoopbackHost(new URL(url).hostname)).toBe(true);
  });
});

describe('PUBLIC_ORIGIN', () => {
  it.each([
    ['https://app.contoso.com', 'https://app.contoso.com'],
    ['HTTPS://App.Contoso.com:443', 'https://app.contoso.com'],
    ['https://app.contoso.com:8443', 'https://app.contoso.com:8443'],
    ['http://localhost:7071', 'http://localhost:7071'],
    ['http://contoso.localhost:7071', 'http://contoso.localhost:7071'],
    ['http://127.0.0.1:7071', 'http://127.0.0.1:7071'],
    ['http://[::1]:7071', 'http://[::1]:7071'],
  ])('takes %s', (value, expected) => {
    expect(settingsWith({ PUBLIC_ORIGIN: value }).publicOrigin).toBe(expected);
  });

  it.each([
    ['app.contoso.com', /not an absolute URL/],
    ['https:app.contoso.com', /not an absolute URL/],
    ['https:///app.contoso.com', /not an absolute URL/],
    ['https:\\\\app.contoso.com', /not an absolute URL/],
    ['https://app\n.contoso.com', /not an absolute URL/],
    ['ftp://app.contoso.com', /not an absolute URL/],
    ['https://app.contoso.com:99999', /not an absolute URL/],
    ['http://app.contoso.com', /must be https/],
    ['http://localhost.contoso.com', /must be https/],
    ['https://app.contoso.com/', /origin only/],
    ['https://app.contoso.com/app', /origin only/],
    ['https://app.contoso.com?x', /origin only/],
    ['https://app.contoso.com#x', /origin only/],
    ['https://me@app.contoso.com', /user name/],
    ['http://me@app.contoso.com/x', /must be https.*user name.*origin only/],
    [undefined, /is not set/],
  ])('refuses %j', (value, problem) => {
    expect(problemsWith({ PUBLIC_ORIGIN: value })).toEqual({ PUBLIC_ORIGIN: expect.stringMatching(problem) });
  });
});
