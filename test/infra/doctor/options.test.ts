import { describe, expect, it } from '@jest/globals';
import { HELP, parseOptions } from '../../../infra/doctor/options.ts';

describe('the options of npm run doctor', () => {
  it('are an address, and nothing else by default', () => {
    expect(parseOptions(['https://App.Contoso.com/'])).toEqual({
      origin: 'https://app.contoso.com',
      everySeconds: null,
      json: false,
      metadataUrl: null,
      api: null,
      triesInvocationId: false,
    });
  });

  it.each([
    ['30s', 30],
    ['15m', 900],
    ['6h', 21_600],
    ['1d', 86_400],
    ['24d', 2_073_600],
  ])('look again every %s', (every, everySeconds) => {
    expect(parseOptions(['https://app.contoso.com', '--every', every])).toMatchObject({ everySeconds });
  });

  it.each([
    [[], /Give the one address/],
    [['https://a.example', 'https://b.example'], /Give the one address/],
    [['app.contoso.com'], /begins with https/],
    [['http://app.contoso.com'], /must be https/],
    [['ftp://app.contoso.com'], /begins with https/],
    [['https://app.contoso.com/auth/signin'], /origin only/],
    [['https://mark3r:mark3r@app.contoso.com'], /user name/],
    [['https://app.contoso.com', '--every', '0s'], /--every takes a time/],
    [['https://app.contoso.com', '--every', '25d'], /--every takes a time/],
    [['https://app.contoso.com', '--every', 'daily'], /--every takes a time/],
    [['https://app.contoso.com', '--every', '1d', '--try-invocation-id'], /goes without --every/],
    [['https://app.contoso.com', '--metadata', 'here'], /--metadata takes/],
    [['https://app.contoso.com', '--api', '../x'], /--api takes/],
    [['https://app.contoso.com', '--unknown'], /--unknown.*--help lists/],
  ])('say in one line what is wrong with %j', (args, said) => {
    const parsed = parseOptions(args);
    expect(parsed).toEqual({ mistake: expect.stringMatching(said) });
    expect((parsed as { mistake: string }).mistake).not.toMatch(/\n|mark3r/);
  });

  it('take plain http on this machine', () => {
    expect(parseOptions(['http://contoso.localhost:7071'])).toMatchObject({ origin: 'http://contoso.localhost:7071' });
  });

  it('are all in the help', () => {
    expect(parseOptions(['--help'])).toBe('help');
    for (const name of ['every', 'json', 'metadata', 'api', 'try-invocation-id']) expect(HELP).toContain(`--${name}`);
  });
});
