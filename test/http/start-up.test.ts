import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type SessionTicket, sealTicket } from '../../shared/session/ticket.ts';
import type { Step } from './support/cold-start.ts';
import { keyringOf } from './support/forge.ts';

/** Its share of the library is half of this. What compiles it pays by the byte. */
const IMPORTED_BYTES_MAX = 160_000;
const COLD_START = resolve('test/http/support/cold-start.ts');
/** Where the hosts of these tests find the app. */
const APP_ROOT = resolve(process.env.APP_ROOT ?? '.');
/** Right, and leading nowhere: nobody listens at port 9 of this machine. */
const SETTINGS = {
  PUBLIC_ORIGIN: 'https://app.contoso.com',
  AUTH_AUTHORITY: 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555',
  AUTH_METADATA_URL: 'http://127.0.0.1:9/',
  AUTH_CLIENT_ID: 'contoso',
  AUTH_CLIENT_SECRET: 'a-secret',
  TABLES_CONNECTION_STRING: `DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=${randomBytes(64).toString('base64')};TableEndpoint=http://127.0.0.1:9/contoso`,
  SESSION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
};

/** One that opens, for a session that nobody can look for. */
function cookie(): string {
  const ticket = { account: 'alice~contoso', sessionId: 'a'.repeat(32), secret: 'a-secret', tombstone: 'a-tombstone' };
  const keyring = keyringOf(SETTINGS.SESSION_KEYS, SETTINGS.AUTH_CLIENT_ID);
  return `__Host-session=${sealTicket(keyring, ticket as unknown as SessionTicket)}`;
}

async function coldStart(steps: readonly string[], root = APP_ROOT): Promise<Step[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [COLD_START, root, ...steps], { env: SETTINGS });
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"step"'))
    .map((line) => JSON.parse(line));
}

describe('a cold start', () => {
  it('loads what registers functions and nothing else, and speaks to nobody; nor does what it loads when it is idle', async () => {
    expect(await coldStart(['idle'])).toEqual([
      { step: 'import', loaded: ['index'], network: 0 },
      { step: 'idle', loaded: ['handlers', 'index', 'tables'], network: 0 },
    ]);
  });

  it('reads little more than the Functions library', () => {
    expect(statSync(join(APP_ROOT, 'dist/index.cjs')).size).toBeLessThan(IMPORTED_BYTES_MAX);
  });

  it('loads for a first request what it needs', async () => {
    const steps = await coldStart(['/health', '/auth/session', '/auth/signin', `/auth/session=${cookie()}`]);
    expect(steps.map(({ step, loaded, status }) => [step, loaded, status])).toEqual([
      ['import', ['index'], undefined],
      ['/health', ['index'], 200],
      ['/auth/session', ['handlers', 'index'], 401],
      // Neither the OP nor storage is there; and reading takes no SDK.
      ['/auth/signin', ['handlers', 'index'], 503],
      ['/auth/session', ['handlers', 'index'], 503],
    ]);
  });
});

describe('where a bundle cannot be loaded', () => {
  const root = mkdtempSync(join(tmpdir(), 'exeunt-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it('a request is answered, and the next has it loaded', async () => {
    mkdirSync(join(root, 'dist'));
    const copy = (file: string, as = file) => copyFileSync(join(APP_ROOT, file), join(root, as));
    for (const file of ['package.json', 'host.json', 'dist/index.cjs']) copy(file);
    copy('dist/handlers.cjs', 'dist/handlers.cjs.away');
    const [, broken, mended] = await coldStart(['/auth/session', 'mend', '/auth/session'], root);
    expect([broken?.status, JSON.parse(broken?.body ?? '')]).toMatchObject([500, { code: 'internal' }]);
    expect([mended?.status, mended?.loaded]).toEqual([401, ['handlers', 'index']]);
  });
});
