import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createAuthority } from '../../local/identity/certificates.ts';
import { readPrinted } from '../../local/printed-lines.ts';
import { changing, otherName, withApp, withFront } from './support/doctor.ts';
import { localWorld } from './support/ground.ts';
import { startInFront } from './support/in-front.ts';

const DAY_MILLISECONDS = 86_400_000;

const world = localWorld();
const stood = withFront(world);

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
      await withApp(world, { PUBLIC_ORIGIN: front.origin }, async (app) => {
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
