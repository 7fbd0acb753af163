import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createAsk } from '../../infra/doctor/ask.ts';
import type { Wanted } from '../../infra/doctor/ask-all.ts';
import { type Diagnosis, examine, type Judged } from '../../infra/doctor/examine.ts';
import { createAuthority } from '../../local/identity/certificates.ts';
import { readPrinted } from '../../local/printed-lines.ts';
import { startStorageProxy } from '../faults/support/storage-proxy.ts';
import { duringTests, localWorld } from './support/ground.ts';
import { type Meddling, startInFront } from './support/in-front.ts';
import { OPERATOR_AUDIENCE } from './support/operator.ts';
import { bringIn } from './support/sign-in.ts';
import type { RunningApp } from './support/world.ts';

const DAY_MILLISECONDS = 86_400_000;

const world = localWorld();

const ask = createAsk(new AbortController().signal);

async function diagnose(app: Pick<RunningApp, 'origin'>, more: Partial<Wanted> = {}): Promise<Diagnosis> {
  return examine(ask, { origin: app.origin, metadataUrl: null, api: null, triesInvocationId: false, ...more });
}

/** What is not in order: by check, its verdict and sentence. */
async function faultsOf(app: Pick<RunningApp, 'origin'>, more: Partial<Wanted> = {}) {
  const diagnosis = await diagnose(app, more);
  if (diagnosis.outcome !== 'asked') throw new Error(diagnosis.reason);
  return shown(diagnosis.judged.filter(({ verdict }) => verdict !== 'ok'));
}

const shown = (judged: readonly Judged[]): Record<string, string> =>
  Object.fromEntries(judged.map(({ check, verdict, says }) => [check.id, `${verdict}: ${says}`]));

/** What is never in order on this machine: plain http, and what is not tried. */
const USUAL = {
  'logout-url': expect.stringMatching(/^warn: .*is not https/),
  'invocation-id': expect.stringMatching(/^unknown: /),
};

/** The machine's own name, to which an application on it answers too. */
const otherName = ({ port }: Pick<RunningApp, 'port'>): string => `http://localhost:${port}`;

/** Runs an application with other settings for as long as it takes. */
async function withApp<Result>(
  changes: Readonly<Record<string, string | undefined>>,
  use: (app: RunningApp) => Promise<Result>,
): Promise<Result> {
  const app = await world.startApp(changes);
  try {
    return await use(app);
  } finally {
    await app.host.stop();
  }
}

describe('the doctor, of the built application in the local host', () => {
  it('finds nothing wrong, and says whether sign-ins bring the claims once there was one', async () => {
    expect(await faultsOf(world.app)).toEqual({
      ...USUAL,
      sid: expect.stringMatching(/^unknown: Nobody has signed in/),
    });
    await bringIn(world);
    expect(await faultsOf(world.app)).toEqual(USUAL);
  });

  it('signs nobody in or out', async () => {
    const { browser } = await bringIn(world);
    await diagnose(world.app);
    expect((await browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(200);
  });

  it('relays which settings are wrong, and judges nothing by them', async () => {
    await withApp({ SESSION_KEYS: 'mark3r', HOME_PAGE: 'maybe' }, async (app) => {
      const faults = await faultsOf(app);
      expect(faults.settings).toMatch(/^wrong: HOME_PAGE: .* SESSION_KEYS: |^wrong: SESSION_KEYS: .* HOME_PAGE: /);
      expect(JSON.stringify(faults)).not.toContain('mark3r');
      expect(faults['redirect-uri']).toBe('unknown: See `settings`.');
    });
  });

  it('names a PUBLIC_ORIGIN that is another', async () => {
    await withApp({ PUBLIC_ORIGIN: 'https://app.contoso.com' }, async (app) => {
      expect(await faultsOf(app)).toMatchObject({
        'public-origin': expect.stringMatching(/^wrong: .*421/),
        'front-channel': 'unknown: It cannot be told: see `public-origin`.',
      });
    });
    const faults = await faultsOf({ origin: otherName(world.app) });
    expect(faults['public-origin']).toMatch(
      /^wrong: It is http:\/\/contoso\.localhost:\d+, and not http:\/\/localhost/,
    );
  });

  it('finds a storage and an OP that cannot be reached', async () => {
    const tables = world.azurite.tablesConnectionString.replace(/:\d+\//, ':9/');
    const changes = { TABLES_CONNECTION_STRING: tables, AUTH_METADATA_URL: 'http://127.0.0.1:9/' };
    await withApp(changes, async (app) => {
      const faults = await faultsOf(app);
      expect(faults.ready).toBe('wrong: The application cannot reach: storage, op.');
      expect(faults['redirect-uri']).toMatch(/^unknown: /);
    });
  }, 60_000);

  it('finds a storage that it may read and not write', async () => {
    const proxy = await startStorageProxy(world.azurite.tablesConnectionString);
    proxy.decide = ({ operation }) =>
      operation === 'read' || operation === 'list'
        ? undefined
        : ({ reply }) => reply({ status: 403, headers: {}, body: Buffer.alloc(0) });
    try {
      await withApp({ TABLES_CONNECTION_STRING: proxy.connectionString }, async (app) => {
        const faults = await faultsOf(app);
        expect(faults['front-channel-sid']).toMatch(/^wrong: .*storage cannot be written/);
      });
    } finally {
      await proxy.close();
    }
  });

  it('takes form_post, a page that is off and an open door for what they are', async () => {
    const changes = { AUTH_RESPONSE_MODE: 'form_post', HOME_PAGE: 'off', OPERATOR_AUDIENCE };
    await withApp(changes, async (app) => {
      expect(await faultsOf(app)).toEqual({
        ...USUAL,
        sid: expect.stringMatching(/^unknown: /),
        'api-guard': expect.stringMatching(/^unknown: The name of no API/),
      });
      expect(await faultsOf(app, { api: 'graph/me' })).not.toHaveProperty('api-guard');
    });
  });
});

/** Takes headers away, and sets others. */
const changing =
  (changes: Readonly<Record<string, string | undefined>>): NonNullable<Meddling['answer']> =>
  (headers) => {
    const kept = Object.entries({ ...headers, ...changes }).filter(([, value]) => value !== undefined);
    return Object.fromEntries(kept);
  };

const MEDDLING: readonly (readonly [what: string, meddling: Meddling, faults: Readonly<Record<string, RegExp>>])[] = [
  [
    'frames nobody',
    { answer: changing({ 'x-frame-options': 'DENY' }) },
    { 'front-channel': /^wrong: .*X-Frame-Options/ },
  ],
  [
    'keeps answers',
    { answer: changing({ 'cache-control': 'max-age=60' }) },
    { 'no-store': /^wrong: /, 'front-channel': /^wrong: .*stored/ },
  ],
  [
    'has a policy of its own',
    { answer: changing({ 'content-security-policy': "default-src *; frame-ancestors 'self'" }) },
    { 'page-headers': /^wrong: .*foreign scripts/, 'front-channel': /^wrong: .*may not frame/ },
  ],
  [
    'takes cookies away',
    { answer: changing({ 'set-cookie': undefined }) },
    { 'sign-in-cookie': /^wrong: .*no cookie/ },
  ],
  [
    'sets a cookie',
    { answer: changing({ 'set-cookie': 'ARRAffinity=1; Domain=localhost' }) },
    { 'other-cookies': /^warn: .*ARRAffinity/, 'sign-in-cookie': /^wrong: / },
  ],
  ['tells what it is', { answer: changing({ 'x-powered-by': 'it' }) }, { 'server-names': /^warn: .*x-powered-by/ }],
  ['says x-csrf for everybody', { request: () => ({ 'x-csrf': '1' }) }, { 'csrf-guard': /^wrong: .*404 api_unknown/ }],
  ['has EasyAuth on', { instead: (path) => (path === '/.auth/me' ? 401 : undefined) }, { easyauth: /^wrong: / }],
  [
    'lets nobody through to the doors',
    { instead: (path) => (/signout-callback|backchannel/.test(path) ? 403 : undefined) },
    {
      'front-channel': /^wrong: .*403/,
      'front-channel-iss': /^wrong: /,
      'front-channel-sid': /^unknown: /,
      'back-channel': /^wrong: .*403/,
    },
  ],
  [
    "leaves a caller's invocation id",
    { instead: (_, headers) => ('x-ms-invocation-id' in headers ? 'hang' : undefined) },
    { 'invocation-id': /^wrong: / },
  ],
  [
    'has a clock of its own',
    { answer: changing({ date: new Date(Date.now() - 600_000).toUTCString() }) },
    { clocks: /^wrong: / },
  ],
];

/** An application of which the OP knows no redirect URI: its origin is of what stands in front. */
const stood = duringTests(
  async () => {
    const front = await startInFront();
    return { front, app: await world.startApp({ PUBLIC_ORIGIN: front.origin }) };
  },
  async ({ front, app }) => {
    await app.host.stop();
    await front.close();
  },
);

describe('the doctor, of what stands in front of the application', () => {
  it('finds nothing where it passes all on, but what the OP does not know', async () => {
    stood.front.lead(stood.app.port, {});
    expect(await faultsOf(stood.front)).toEqual({
      ...USUAL,
      sid: expect.stringMatching(/^unknown: /),
      'redirect-uri': expect.stringMatching(/^wrong: The OP does not know http:.*AADSTS50011/),
      'post-logout-uri': expect.stringMatching(/^unknown: The OP does not say/),
    });
  });

  it.each(MEDDLING)(
    'finds one that %s',
    async (_what, meddling, faults) => {
      stood.front.lead(stood.app.port, meddling);
      const triesInvocationId = 'invocation-id' in faults;
      const found = await faultsOf(stood.front, { triesInvocationId });
      const {
        sid: _,
        'redirect-uri': __,
        'post-logout-uri': ___,
        'logout-url': ____,
        'invocation-id': ids,
        ...others
      } = found;
      const shownFaults = triesInvocationId ? { ...others, 'invocation-id': ids } : others;
      const wanted = Object.entries(faults).map(([id, says]) => [id, expect.stringMatching(says)]);
      expect(shownFaults).toEqual(Object.fromEntries(wanted));
    },
    60_000,
  );
});

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});

/** `npm run doctor`, without npm. */
const run = (...args: string[]) => runWith({}, ...args);

function runWith(environment: Readonly<Record<string, string>>, ...args: string[]) {
  const child = spawn(process.execPath, ['infra/doctor/main.ts', ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const printed = readPrinted([child.stdout, child.stderr]);
  return { child, ...printed, ended: once(child, 'close').then(([code]) => code as number | null) };
}

describe('npm run doctor', () => {
  it('tells a line a check, and ends with 0 where nothing is wrong', async () => {
    const { lines, ended } = run(world.app.origin);
    expect(await ended).toBe(0);
    expect(lines).toContainEqual(expect.stringMatching(/^ok +redirect-uri +The OP sends browsers back/));
    expect(lines.at(-1)).toMatch(/^0 WRONG, /);
  });

  it('is one document for machines, and ends with 1 where something is wrong', async () => {
    const { lines, ended } = run(otherName(world.app), '--json');
    expect(await ended).toBe(1);
    expect(lines).toHaveLength(1);
    const { findings } = JSON.parse(lines[0] ?? '') as { findings: { check: string; verdict: string }[] };
    expect(findings).toContainEqual(expect.objectContaining({ check: 'public-origin', verdict: 'wrong' }));
  });

  it.each([
    [[], /Give the one address/],
    [['http://app.contoso.com'], /must be https/],
    [['http://127.0.0.1:9'], /CANNOT BE ASKED .*nobody listens there/],
  ])('ends with 2, and a sentence, for %j', async (args, said) => {
    const { lines, ended } = run(...args);
    expect(await ended).toBe(2);
    expect(lines).toEqual([expect.stringMatching(said)]);
  });

  it('is told that the OP is no Exeunt', async () => {
    const { lines, ended } = run(world.op.origin);
    expect(await ended).toBe(2);
    expect(lines[0]).toMatch(/is not Exeunt/);
  });

  it('reads certificates over https: one that ends soon, one of an authority that this machine does not know', async () => {
    const authority = createAuthority(Date.now() - 20 * DAY_MILLISECONDS);
    const front = await startInFront(authority.issue('contoso.localhost'));
    const folder = mkdtempSync(join(tmpdir(), 'authority-'));
    try {
      const file = join(folder, 'authority.pem');
      writeFileSync(file, authority.certificate);
      await withApp({ PUBLIC_ORIGIN: front.origin }, async (app) => {
        front.lead(app.port, { answer: changing({ 'strict-transport-security': 'max-age=31536000' }) });
        const trusting = runWith({ NODE_EXTRA_CA_CERTS: file }, front.origin, '--json');
        // The OP knows nothing of this origin.
        expect(await trusting.ended).toBe(1);
        const { findings } = JSON.parse(trusting.lines[0] ?? '') as { findings: { check: string; verdict: string }[] };
        expect(findings.filter(({ verdict }) => verdict === 'wrong').map(({ check }) => check)).toEqual([
          'redirect-uri',
        ]);
        expect(findings).toContainEqual(
          expect.objectContaining({
            check: 'certificate',
            verdict: 'warn',
            detail: expect.stringMatching(/^\d days left$/),
          }),
        );
        expect(findings).toContainEqual(expect.objectContaining({ check: 'hsts', verdict: 'ok' }));
      });
      const stranger = run(front.origin);
      expect(await stranger.ended).toBe(2);
      expect(stranger.lines).toEqual([expect.stringMatching(/signed by nobody that this machine knows/)]);
    } finally {
      rmSync(folder, { recursive: true });
      await front.close();
    }
  });

  it('watches through an outage, tells what changes, and ends when it is told to', async () => {
    stood.front.lead(stood.app.port, {});
    const { child, lines, next, ended } = run(stood.front.origin, '--every', '1s');
    await next(/WRONG, /);
    const lost = next(/CANNOT BE ASKED/);
    stood.front.lead(9, {});
    await lost;
    const back = next(/It can be asked again/);
    const changed = next(/^warn +server-names/);
    stood.front.lead(stood.app.port, { answer: changing({ 'x-powered-by': 'it' }) });
    await back;
    await changed;
    child.kill('SIGINT');
    // The redirect URI is wrong.
    expect(await ended).toBe(1);
    expect(lines.filter((each) => each.includes('CANNOT BE ASKED'))).toHaveLength(1);
  }, 60_000);
});
