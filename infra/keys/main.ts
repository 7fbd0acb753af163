import { runCommand } from '../../local/command-line.ts';
import { systemAmbient } from '../../shared/ambient/system.ts';
import { create, status } from './create.ts';
import { askByHttp, PATIENCE } from './instances.ts';
import { HELP, type KeysOptions, readOptions } from './options.ts';
import { refetch } from './refetch.ts';
import { dropOld, replace, rotate } from './rotate.ts';
import { signedIn } from './sign-in.ts';
import { NoToken, openVault } from './vault.ts';
import type { ExitCode, KeysWorld } from './world.ts';

/** The session keys of a deployment: made once, and rotated with nobody signed out. See docs/operations.md. */
async function main(options: KeysOptions): Promise<ExitCode> {
  const { command, address, siteIds, quietMinutes, instances } = options;
  const tokenFor = signedIn(process.env.AZURE_TENANT_ID);
  const arm = { origin: address.armOrigin, token: () => tokenFor(address.armScope) };
  const quietMilliseconds = quietMinutes === undefined ? PATIENCE.quietMilliseconds : quietMinutes * 60_000;
  const world: KeysWorld = {
    vault: openVault({
      origin: address.origin,
      secretName: options.secretName,
      token: () => tokenFor(address.vaultScope),
    }),
    refetch: siteIds.length === 0 ? null : () => refetch(arm, siteIds),
    ask: askByHttp,
    apps: options.apps,
    ambient: systemAmbient,
    say: (line) => console.log(line),
    patience: { ...PATIENCE, quietMilliseconds, instances },
  };
  switch (command) {
    case 'create':
      return create(world);
    case 'status':
      return status(world);
    case 'rotate':
      return rotate(world);
    case 'drop-old':
      return dropOld(world, options.force);
    case 'replace':
      return replace(world);
  }
}

await runCommand(readOptions(process.argv.slice(2), process.env), HELP, async (options) => {
  try {
    return await main(options);
  } catch (error) {
    if (!(error instanceof NoToken)) throw error;
    console.error(`Not done: ${error.message}.`);
    return 1;
  }
});
