/**
 * `npm run package`: builds, and puts into `release/` what is deployed: `exeunt.zip`; the same unpacked, `app/`, for Azure's own
 * tools to pack; and the software bill of materials, `exeunt.cdx.json`. The same sources and packages give the same bytes.
 */
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { version as esbuild } from 'esbuild';
import { buildBundles } from './bundle/build.ts';
import { readPackage } from './bundle/bundled-packages.ts';
import { readCommandLine, runCommand } from './command-line.ts';
import { appFiles } from './package/app.ts';
import { ingredientsOf } from './package/ingredients.ts';
import { sbomOf } from './package/sbom.ts';
import { zipOf } from './package/zip.ts';

const ROOT = dirname(import.meta.dirname);
const json = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
const HELP = `npm run package -- [folder]

Builds, and puts what is deployed into the folder (release): exeunt.zip, the same unpacked in app/, and exeunt.cdx.json, its software
bill of materials.

  --help  this text
`;

const given = readCommandLine({ script: 'npm run package', wordsMax: 1 }, process.argv.slice(2));
await runCommand(given, HELP, async ({ words: [folder] }) => {
  const release = resolve(folder ?? join(ROOT, 'release'));
  const metafile = await buildBundles(ROOT);
  const project = json('package.json');
  const files = await appFiles(ROOT, project);
  const ingredients = ingredientsOf(metafile, json('package-lock.json'), (folder) => readPackage(ROOT, folder));
  const zip = zipOf(files);

  const app = join(release, 'app');
  await rm(app, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(app, path)), { recursive: true });
    await writeFile(join(app, path), bytes);
  }
  await writeFile(join(release, 'exeunt.zip'), zip);
  await writeFile(join(release, 'exeunt.cdx.json'), sbomOf({ project, zip, files, ingredients, esbuild }));

  const kilobytes = (bytes: Uint8Array) => `${Math.round(bytes.length / 1024)} KB`;
  const rows = [...files, ['exeunt.zip', zip] as const].map(([path, bytes]) => `${path}  ${kilobytes(bytes)}`);
  console.log(`${rows.join('\n')}\n${ingredients.length} packages in it: ${join(release, 'exeunt.cdx.json')}`);
  return 0;
});
