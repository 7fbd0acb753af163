import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { OPERATOR_AUDIENCE, operatorProgram } from '../../local/stage/applications.ts';
import { postToken } from '../local/op/browser.ts';
import { localWorld } from './support/ground.ts';
import { bringIn } from './support/sign-in.ts';
import { send } from './support/wire.ts';

const TENANT = 'c0117050-4444-4d44-8d44-0000000000d5';
const world = localWorld({ OPERATOR_AUDIENCE, OPERATOR_TENANT: TENANT }, { tenantId: TENANT });

async function operatorToken(): Promise<string> {
  const program = operatorProgram();
  world.op.register(program);
  const form = { grant_type: 'client_credentials', scope: `${OPERATOR_AUDIENCE}/.default` };
  return String((await postToken(world.op, program, form)).body.access_token);
}

describe('npm run tenant, at the local OP', () => {
  it('leads through sign-in, own sign-out and a sign-out elsewhere, sees each by the operator door, and writes it down', async () => {
    const { origin } = world.app;
    const folder = mkdtempSync(join(tmpdir(), 'verified-'));
    const env = { ...process.env, EXEUNT_OPERATOR_TOKEN: await operatorToken() };
    const child = spawn(process.execPath, ['infra/tenant/main.ts', origin, '--out', folder], { env, stdio: 'pipe' });
    const ended = once(child, 'close');
    let person = await bringIn(world);
    /** What the person does, by the scenario that is told last. */
    const acts: Readonly<Record<string, () => Promise<unknown>>> = {
      'sign-in': async () => undefined,
      'own-sign-out': () => person.browser.submit(`${origin}/auth/signout`, {}, origin),
      'front-channel': () => send(`${origin}/auth/signout-callback?sid=${person.sid}`),
    };
    let said = '';
    let scenario = '';
    child.stdout.on('data', async (chunk: Buffer) => {
      said += chunk.toString();
      scenario = said.match(/^[a-z-]+(?=: )/gm)?.at(-1) ?? '';
      const question = said.split('\n').at(-1) ?? '';
      const line = await answerTo(question);
      if (line !== null) {
        said += '\n';
        child.stdin.write(`${line}\n`);
      }
    });
    async function answerTo(question: string): Promise<string | null> {
      if (question.startsWith('Which kind')) return 'other';
      const act = acts[scenario];
      if (question.startsWith('Object id')) {
        if (scenario === 'front-channel') person = await bringIn(world);
        return person.person.oid;
      }
      if (question.startsWith('Enter when')) {
        if (act === undefined) return 'q';
        await act();
        return '';
      }
      return question.includes('y, n, or s') ? 'n' : null;
    }
    expect(await ended).toEqual([0, null]);
    const [name = ''] = readdirSync(folder);
    const page = readFileSync(join(folder, name), 'utf8');
    rmSync(folder, { recursive: true });
    expect(name).toMatch(/^\d{4}-\d\d-\d\d-other\.md$/);
    expect(page).toMatch(/`sign-in`.* \| holds \| machine, \d+ s \|/);
    expect(page).toMatch(/`own-sign-out`.* \| holds \| machine, \d+ s \|/);
    expect(page).toMatch(/`front-channel`.* \| holds \| machine, \d+ s \|/);
    for (const name of [person.person.oid, person.sid, origin, env.EXEUNT_OPERATOR_TOKEN])
      expect(page).not.toContain(name);
    for (const secret of [person.sid, env.EXEUNT_OPERATOR_TOKEN]) expect(said).not.toContain(secret);
  }, 60_000);
});
