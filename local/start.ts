/** `npm start`: everything, on this machine. See `npm start -- --help`. */
import { styleText } from 'node:util';
import { runCommand } from './command-line.ts';
import type { Application } from './op/op.ts';
import { TEST_USERS } from './op/users.ts';
import { OPERATOR_AUDIENCE, operatorProgram } from './stage/applications.ts';
import { narrate } from './stage/narrate.ts';
import { HELP, parseOptions, type StartOptions } from './stage/options.ts';
import { raiseStage, type Stage } from './stage/stage.ts';

await runCommand(parseOptions(process.argv.slice(2)), HELP, run);

async function run(options: StartOptions): Promise<number> {
  const leaving = Promise.withResolvers<string | null>();
  const raising = new AbortController();
  // What the applications say before all of it has come up, or while it goes, concerns nobody.
  let told = false;
  const leave = (reason: string | null): void => {
    told = false;
    leaving.resolve(reason);
    raising.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => leave(null));
  let stage: Stage | undefined;
  try {
    stage = await raiseStage({
      ...options,
      settings: { OPERATOR_AUDIENCE },
      signal: raising.signal,
      onLine: (name, line) => {
        if (told) tell(name, narrate(line));
      },
      onDeath: (part) => leave(`${part} has ended unexpectedly.`),
    });
    const program = operatorProgram();
    stage.op.register(program);
    console.log(playbill(stage, program));
    told = true;
  } catch (error) {
    // Where the start was broken off, why is known already; what fails then only follows from it.
    leave(error instanceof Error ? error.message : 'Something did not start.');
  }
  const reason = await leaving.promise;
  if (reason !== null) console.error(reason);
  await stage?.stop();
  return reason === null ? 0 : 1;
}

function playbill({ contoso, fabrikam, op, apiOrigin, azurite }: Stage, program: Application): string {
  const rows = [
    ['Contoso', `${contoso.origin}/`, 'open this, sign in, call the API'],
    ['Fabrikam', `${fabrikam.origin}/`, 'then sign in here, sign out here, and look at Contoso'],
    ['Stored rows', `${op.origin}/rows`, 'the tables as they are stored: see them go'],
    ['Telemetry', `${op.origin}/telemetry`, 'what the applications count and where their time goes'],
    ['Directory', `${op.origin}/directory`, 'disable, revoke or delete somebody: they are out at their next call'],
    ['OpenID provider', op.origin, 'three test users, no password'],
    ['Downstream API', `${apiOrigin}/v1.0`, 'answers as Microsoft Graph does, to good tokens only'],
    ['Mail API', `${apiOrigin}/mail`, 'wants your consent when it is first called, and a proof for sealed letters'],
    ['Table Storage', /TableEndpoint=([^;]*)/.exec(azurite.tablesConnectionString)?.[1] ?? '', 'Azurite'],
  ] as const;
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map(
    ([what, where, why]) =>
      `  ${what.padEnd(widths[0] ?? 0)}  ${where.padEnd(widths[1] ?? 0)}  ${styleText('dim', why)}`,
  );
  const operator = [
    '',
    styleText('dim', '  As an operator, end Alice everywhere in Contoso:'),
    ...asOperator(contoso, op, program),
  ];
  return ['', ...lines, ...operator, '', styleText('dim', '  Ctrl-C ends all of it.'), ''].join('\n');
}

/** What an operator's program does, as a command for a shell: gets an access token by its own credential, and brings it. */
function asOperator({ origin }: Stage['contoso'], op: Stage['op'], { clientId, clientSecret }: Application): string[] {
  const [alice] = TEST_USERS;
  const credential = `-d client_id=${clientId} -d client_secret=${clientSecret}`;
  const grant = `-d grant_type=client_credentials -d scope=${OPERATOR_AUDIENCE}/.default`;
  const tokenEndpoint = op.metadataUrl.replace(/v2\.0\/.*$/, 'oauth2/v2.0/token');
  return [
    `  curl -X POST ${origin}/operator/users/${alice?.oid}/signout -H "Authorization: Bearer $(\\`,
    `    curl -s ${tokenEndpoint} ${grant} ${credential} \\`,
    `    | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')"`,
  ];
}

function tell(name: string, sentence: string | null): void {
  if (sentence === null) return;
  const time = new Date().toTimeString().slice(0, 8);
  console.log(`  ${styleText('dim', time)}  ${name.padEnd(8)}  ${sentence}`);
}
