import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { spawnHost } from '../../../local/host/spawn.ts';
import { fixtureRoot, startFixture } from './fixture.ts';

const refusal = (name: string, environment: Record<string, string> = {}) =>
  startFixture(name, environment).then(
    async (host) => `started: ${await host.stop()}`,
    (error: Error) => error.message,
  );
const declared = (...functions: [string, object][]) => refusal('declared', { FUNCTIONS: JSON.stringify(functions) });

describe('the host', () => {
  it('says what it runs, then where, in one line', async () => {
    const host = await startFixture('mjs');
    expect(host.lines).toEqual(['host:   GET /api/hello -> hello', `host: listening on ${host.origin}`]);
    expect(host.origin).toBe(`http://127.0.0.1:${host.port}`);
    await host.stop();
  });

  it('runs an ES module', async () => {
    const host = await startFixture('mjs');
    expect(await (await fetch(`${host.origin}/api/hello`)).text()).toBe('from an ES module');
    await host.stop();
  });

  it('shows a homepage at / unless told not to, and 204 then', async () => {
    const withPage = await startFixture('mjs');
    expect((await fetch(withPage.origin)).headers.get('content-type')).toBe('text/html');
    await withPage.stop();
    const without = await startFixture('mjs', { AzureWebJobsDisableHomepage: 'true' });
    expect((await fetch(without.origin)).status).toBe(204);
    await without.stop();
  });

  it('hands the app its environment and nothing of ours', async () => {
    process.env.LEAKED = 'yes';
    const message = await refusal('declared', { FUNCTIONS: '' });
    expect(message).toMatch(/^host: the app failed to load: /);
    expect(message).not.toContain('yes');
  });

  it('says that the bundle is not built', async () => {
    expect(await refusal('nodist')).toBe('host: dist/index.cjs not found: run "npm run build" first');
  });

  it('says in one line why the app does not load, then shows the stack', async () => {
    const [line, ...stack] = (await refusal('throws')).split('\n');
    expect(line).toBe('host: the app failed to load: the bundle is broken');
    expect(stack.join('\n')).toContain('throws/index.cjs');
  });

  it('refuses what the Functions host refuses, in one line', async () => {
    expect(await declared(['one', { route: 'admin/x' }])).toBe(
      'host: function "one": the Functions host keeps routes that begin with "admin" or "runtime" for itself ("admin/x")',
    );
    expect(await declared(['one', { route: 'a' }], ['One', { route: 'b' }])).toBe(
      'host: two functions are named "One"',
    );
    expect(await declared(['never', { kind: 'timer', schedule: '0 0 0 30 2 *' }])).toBe(
      'host: the schedule names a time that never comes',
    );
  });

  it('warns of a route that Azure would never reach', async () => {
    const functions = [
      ['a', { route: 'x/{id}' }],
      ['b', { route: 'x/y' }],
    ];
    const host = await startFixture('declared', { FUNCTIONS: JSON.stringify(functions) });
    await host.line(/^host: "b" \(x\/y\) is hidden by "a" \(x\/\{id\}\)/);
    expect(await (await fetch(`${host.origin}/x/y`)).text()).toBe('a');
    await host.stop();
  });

  it('says that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(spawnHost({ environment: {}, port, appRoot: fixtureRoot('mjs') })).rejects.toThrow(
      `host: port ${port} is taken`,
    );
    other.close();
  });

  it('runs on without storage, and says which function gets no messages', async () => {
    const host = await startFixture('queue');
    await host.line(/^host: AzureWebJobsStorage is not set: function "take" gets no messages$/);
    expect(await (await fetch(`${host.origin}/alive`)).text()).toBe('yes');
    await host.stop();
  });

  it('does not print a connection string that is none', async () => {
    const message = await refusal('queue', { AzureWebJobsStorage: 'AccountKey=hush' });
    expect(message).toBe('host: AzureWebJobsStorage is not a connection string of a storage account');
  });
});

describe('the end of the host', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s waits for requests in flight and exits with 0', async (signal) => {
    const host = await startFixture('stream');
    const answer = fetch(`${host.origin}/slow`).then((response) => response.text());
    await host.line(/^slow has begun$/);
    const exit = host.stop(signal);
    expect(await answer).toBe('slow');
    expect(await exit).toEqual({ code: 0, signal: null });
    expect(host.lines.at(-1)).toBe('terminated');
    expect(host.lines.filter((line) => line.includes('cut off'))).toEqual([]);
  });

  it.each(['rpc', 'stream'])('does not wait for ever (%s mode)', async (mode) => {
    const host = await startFixture(mode);
    const answer = fetch(`${host.origin}/never`);
    answer.catch(() => undefined);
    await host.line(/^never has begun$/);
    expect(await host.stop()).toEqual({ code: 0, signal: null });
    await expect(answer).rejects.toThrow();
    await host.line(/^host: what was still in flight has been cut off$/);
  });

  it('is not held up by idle connections', async () => {
    const host = await startFixture('rpc');
    await (await fetch(host.origin)).text();
    expect(await host.stop()).toEqual({ code: 0, signal: null });
    expect(host.lines.at(-1)).toBe('terminated');
    expect(host.lines.filter((line) => line.includes('cut off'))).toEqual([]);
  });
});

describe('the process that started the host', () => {
  it('can break the start off', async () => {
    const start = spawnHost({ environment: {}, appRoot: fixtureRoot('mjs'), signal: AbortSignal.abort() });
    await expect(start).rejects.toThrow('the host ended (SIGTERM)');
  });

  it('takes it along when it is killed', async () => {
    const script = `
      import { spawnHost } from ${JSON.stringify(new URL('../../../local/host/spawn.ts', import.meta.url).href)};
      const host = await spawnHost({ environment: {}, appRoot: ${JSON.stringify(fixtureRoot('mjs'))} });
      process.send(host.port);`;
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: [...stdio] });
    const [port] = await once(parent, 'message');
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    // Who is killed may reset its connections: they are closed all the same.
    const closed = new Promise((resolve) =>
      socket
        .resume()
        .on('error', () => undefined)
        .once('close', resolve),
    );
    parent.kill('SIGKILL');
    await closed;
  });
});

describe('a timer', () => {
  it('runs when due, and again after a failure', async () => {
    const host = await startFixture('timer', { TICK_SCHEDULE: '* * * * * *' });
    const first = JSON.parse(await host.line(/ticked/));
    expect(first.ticked).toBe(false);
    await host.line(new RegExp(`"next":(?!"${first.next}")`));
    await host.line(/^host: function "tick" failed: Error: this run fails$/);
    await host.stop();
  });

  it('runs at start if it is told to', async () => {
    const host = await startFixture('timer', { TICK_SCHEDULE: '0 0 0 29 2 *', RUN_ON_STARTUP: 'true' });
    const { next } = JSON.parse(await host.line(/ticked/));
    expect(next).toMatch(/-02-29T00:00:00.000Z$/);
    expect(await host.stop()).toEqual({ code: 0, signal: null });
  });
});
