import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startAzurite } from '../../local/azurite.ts';
import { openTables } from '../../shared/tables/tables.ts';

// It takes seconds to load on a small machine.
jest.setTimeout(30_000);

const KEY = { partitionKey: 'p', rowKey: 'r' };
const portOf = (connectionString: string, service: string): number =>
  Number(new RegExp(`${service}Endpoint=http://127.0.0.1:(\\d+)/`).exec(connectionString)?.[1]);

describe('Azurite', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'exeunt-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('listens when it has started, and its process and ports are gone when it has stopped', async () => {
    const azurite = await startAzurite();
    const ports = ['Table', 'Queue'].map((service) => portOf(azurite.combinedConnectionString, service));
    for (const port of ports) {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.destroy();
    }
    await azurite.stop();
    expect(() => process.kill(azurite.pid, 0)).toThrow('ESRCH');
    for (const port of ports) await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
  });

  it('may be stopped twice', async () => {
    const azurite = await startAzurite();
    await Promise.all([azurite.stop(), azurite.stop()]);
    await azurite.stop();
    await azurite.ended;
  });

  it('says which port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = (other.address() as { port: number }).port;
    await expect(startAzurite({ tablePort: port })).rejects.toThrow(
      new Error(`Azurite did not start: port ${port} is taken`),
    );
    await once(other.close(), 'close');
  });

  it('says in one line why else it did not start', async () => {
    const rejection = await startAzurite({ folder: join(process.execPath, 'no-folder') }).catch(
      (error: Error) => error.message,
    );
    expect(rejection).toMatch(/^Azurite did not start: .*ENOTDIR.*$/);
  });

  it('tells when it died by itself', async () => {
    const azurite = await startAzurite();
    process.kill(azurite.pid, 'SIGKILL');
    await azurite.ended;
    await azurite.stop();
  });

  it('ends, and leaves nothing behind, when the process that started it is killed', async () => {
    const start = `import { startAzurite } from ${JSON.stringify(new URL('../../local/azurite.ts', import.meta.url).href)};
      console.log((await startAzurite()).tablesConnectionString);`;
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', start], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(owner.stdout, 'data');
    const socket = connect(portOf(String(line), 'Table'), '127.0.0.1');
    await once(socket, 'connect');
    expect(readdirSync(folder)).toHaveLength(1);
    // Whether the connection ends by FIN or by reset is the system's affair.
    const closed = new Promise((resolve) => socket.on('error', () => {}).once('close', resolve));
    socket.resume();
    owner.kill('SIGKILL');
    await closed;
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps rows in a folder from one start to the next, where one is given', async () => {
    for (const outcome of ['created', 'exists']) {
      const azurite = await startAzurite({ folder });
      const tables = openTables({ kind: 'connection-string', connectionString: azurite.tablesConnectionString });
      expect((await tables.accounts.create(KEY, {})).outcome).toBe(outcome);
      await azurite.stop();
    }
  });
});
