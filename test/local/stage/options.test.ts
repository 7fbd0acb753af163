import { describe, expect, it } from '@jest/globals';
import { HELP, parseOptions } from '../../../local/stage/options.ts';

describe('the options of npm start', () => {
  it('have the ports that the README names', () => {
    expect(parseOptions([])).toEqual({
      contosoPort: 7071,
      fabrikamPort: 7072,
      opPort: 8400,
      apiPort: 8401,
      graphPort: 8402,
      tablesPort: 10002,
      queuesPort: 10001,
      tokenSeconds: 300,
      dialect: 'entra',
      backChannel: false,
      secretless: false,
      persist: null,
    });
  });

  it('are taken from the command line', () => {
    const args = [
      '--op-port',
      '9000',
      '--token-seconds=5',
      '--dialect',
      'standard',
      '--back-channel',
      '--secretless',
      '--persist',
      'kept',
    ];
    const told = {
      opPort: 9000,
      tokenSeconds: 5,
      dialect: 'standard',
      backChannel: true,
      secretless: true,
      persist: 'kept',
    };
    expect(parseOptions(args)).toMatchObject(told);
  });

  it.each([
    [['--op-port', 'x'], /--op-port takes a port number/],
    [['--op-port', '0'], /--op-port takes a port number/],
    [['--op-port', '65536'], /--op-port takes a port number/],
    [['--op-port', '7071'], /--op-port and --contoso-port cannot both be 7071/],
    [['--token-seconds', '0'], /--token-seconds takes a whole number/],
    [['--dialect', 'french'], /--dialect takes entra or standard/],
    [['--unknown'], /--unknown.*--help lists the options/],
    [['word'], /word.*--help lists the options/],
  ])('say in one line what is wrong with %j', (args, said) => {
    const parsed = parseOptions(args);
    expect(parsed).toEqual({ mistake: expect.stringMatching(said) });
    expect((parsed as { mistake: string }).mistake).not.toContain('\n');
  });

  it('are all in the help', () => {
    expect(parseOptions(['--help'])).toBe('help');
    for (const name of [
      'contoso-port',
      'op-port',
      'tables-port',
      'queues-port',
      'token-seconds',
      'dialect',
      'back-channel',
      'secretless',
      'persist',
    ]) {
      expect(HELP).toContain(`--${name}`);
    }
  });
});
