/** `npm run tenant -- https://app…`: leads a person with a tenant through what only a real one can tell. See `npm run tenant -- --help`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { runCommand } from '../../local/command-line.ts';
import { type Ask, createAsk } from '../doctor/ask.ts';
import { examine } from '../doctor/examine.ts';
import { type Look, operatorLook } from './operator.ts';
import { HELP, parseOptions, type TenantOptions } from './options.ts';
import { fileNameFor, renderVerified } from './report.ts';
import { verifyTenant } from './run.ts';

await runCommand(parseOptions(process.argv.slice(2)), HELP, run);

async function run(options: TenantOptions): Promise<number> {
  const { origin, folder } = options;
  const terminal = createInterface({ input: process.stdin });
  const lines = terminal[Symbol.asyncIterator]();
  const ask = createAsk(new AbortController().signal);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const verified = await verifyTenant(
    {
      say: (line) => console.log(line),
      async answer(question) {
        process.stdout.write(question);
        const { done, value } = await lines.next();
        return done === true ? null : String(value).trim();
      },
      monotonic: () => performance.now(),
      pause: (milliseconds) => pause(milliseconds),
    },
    {
      version,
      look: lookOf(ask, options),
      examine: () => examine(ask, { origin, metadataUrl: null, api: null, triesInvocationId: false }),
      now: () => new Date(),
    },
  );
  terminal.close();
  if (verified === null) return 2;
  const file = freeFile(folder, fileNameFor(verified));
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, renderVerified(verified), { flag: 'wx' });
  console.log(`\nWritten: ${file}`);
  return verified.tried.some(({ outcome }) => outcome === 'does not hold') ? 1 : 0;
}

/** One that is not there yet: what was seen earlier that day stays. */
function freeFile(folder: string, name: string): string {
  let file = join(folder, name);
  for (let count = 2; existsSync(file); count += 1) file = join(folder, name.replace(/\.md$/, `-${count}.md`));
  return file;
}

/** By a token that is given, or one of the Azure CLI's; null without either. */
function lookOf(ask: Ask, { origin, operatorScope }: TenantOptions): Look | null {
  const { EXEUNT_OPERATOR_TOKEN: given } = process.env;
  if (given) return operatorLook(ask, origin, async () => given);
  if (operatorScope === null) return null;
  return operatorLook(ask, origin, async () => {
    // Loaded only where it is used: most of the start of this script otherwise.
    const { AzureCliCredential } = await import('@azure/identity');
    return (await new AzureCliCredential().getToken(operatorScope)).token;
  });
}
