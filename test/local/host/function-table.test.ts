import { describe, expect, it } from '@jest/globals';
import { buildFunctionTable } from '../../../local/host/function-table.ts';
import type { Binding } from '../../../local/host/functions-core.ts';

const fn = (name: string, trigger: Record<string, unknown>, more: Record<string, Binding> = {}) => ({
  metadata: {
    name,
    bindings: { trigger: { type: 'httpTrigger', direction: 'in', methods: ['GET'], ...trigger } as Binding, ...more },
  },
  callback: () => undefined,
});
const build = (functions: ReturnType<typeof fn>[], prefix = '', environment = {}) =>
  buildFunctionTable(functions, prefix, environment);

describe('the functions of an app', () => {
  it('are served under their name when they have no route', () => {
    const { routes } = build([fn('one', {}), fn('two', { route: '' })], 'api');
    expect(routes.map((route) => route.template)).toEqual(['api/one', 'api/two']);
  });

  it.each(['admin', '/admin/x', 'ADMINISTRATION', 'runtime/webhooks'])('may not be at the route %s', (route) => {
    expect(() => build([fn('f', { route })])).toThrow('keeps routes that begin with "admin" or "runtime" for itself');
  });

  it('may not get such a route from their name', () => {
    expect(() => build([fn('adminPage', {})])).toThrow('keeps routes that begin with "admin"');
  });

  it.each(['1st', 'a b', '', 'a/b', 'host', 'a'.repeat(129)])('may not be named "%s"', (name) => {
    expect(() => build([fn(name, { route: 'x' })])).toThrow('is not a valid function name');
  });

  it('have a name each', () => {
    expect(() => build([fn('one', { route: 'a' }), fn('ONE', { route: 'b' })])).toThrow(
      'two functions are named "ONE"',
    );
  });

  it('have a route each, unless no method is shared', () => {
    const twins = (method: string) => [fn('one', { route: 'x' }), fn('two', { route: 'X/', methods: [method] })];
    expect(() => build(twins('get'))).toThrow('function "two": its route "X/" is that of function "one" too');
    expect(build(twins('POST')).routes).toHaveLength(2);
  });

  it('have a trigger that this host runs, or are refused by its name', () => {
    expect(() => build([fn('f', { type: 'blobTrigger' })])).toThrow(
      'function "f": this host does not run a blobTrigger',
    );
  });

  it('have no other bindings', () => {
    const out: Record<string, Binding> = { q: { type: 'queue', direction: 'out' } };
    expect(() => build([fn('f', {}, out)])).toThrow('function "f": this host does not do the queue output binding');
  });

  it.each(['AzureWebJobs.off.Disabled', 'AzureWebJobs_off_Disabled'])('are left alone when %s says so', (setting) => {
    const functions = [
      fn('off', { route: 'x' }),
      fn('on', { route: 'x' }),
      fn('t', { type: 'timerTrigger', schedule: '0 0 * * * *' }),
    ];
    const { routes, timers, disabled } = build(functions, '', { [setting]: 'true', 'AzureWebJobs.t.Disabled': '1' });
    expect(routes.map(({ functionName }) => functionName)).toEqual(['on']);
    expect([timers, disabled]).toEqual([[], ['off', 't']]);
    expect(() => build(functions, '', { [setting]: 'false' })).toThrow('function "on": its route "x"');
  });

  it('may name settings in schedules and queue names', () => {
    const functions = [
      fn('t', { type: 'timerTrigger', schedule: '%EVERY%' }),
      fn('q', { type: 'queueTrigger', queueName: '%NAME%-jobs', connection: '' }),
    ];
    const { timers, queues } = build(functions, '', { EVERY: '0 0 * * * *', NAME: 'a' });
    expect(timers[0]?.scheduleText).toBe('0 0 * * * *');
    expect(queues[0]).toMatchObject({ queueName: 'a-jobs', connection: 'AzureWebJobsStorage' });
    expect(() => build(functions)).toThrow('function "t": setting EVERY is not set');
  });
});
