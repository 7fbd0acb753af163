import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import * as CycloneDx from '@cyclonedx/cyclonedx-library';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnHost } from '../../local/host/spawn.ts';
import { emptyFolder, folderIn, type Packaged, packCopy, withParents } from './support/packaged.ts';
import { bringIn } from './support/sign-in.ts';
import { accountRow } from './support/stored.ts';
import { RAISE_MILLISECONDS, raiseWorld, type World } from './support/world.ts';

const BUNDLES = ['handlers', 'identity', 'index', 'msal', 'queue', 'tables', 'telemetry'];
/** Those of what is bundled: each has been looked at, and may be passed on in a zip with its notice. */
const LICENCES = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0'];

/** Where the hosts of this run find the app. */
const APP_ROOT = process.env.APP_ROOT ?? '.';

const ground = emptyFolder();
let packaged: Packaged;
let again: Packaged;
beforeAll(async () => {
  // A different folder, at a different depth; another time zone and language, and another one that makes files.
  const elsewhere = folderIn(ground.path, 'somewhere/else');
  [packaged, again] = await Promise.all([
    packCopy(folderIn(ground.path, 'here')),
    packCopy(elsewhere, { TZ: 'Pacific/Kiritimati', LANG: 'de_DE.UTF-8' }),
  ]);
}, RAISE_MILLISECONDS);
afterAll(() => ground.remove());

const text = (path: string) => Buffer.from(packaged.files[path] ?? []).toString();
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('the zip', () => {
  it('holds the bundles, host.json and package.json, in this order and nothing else', () => {
    expect(Object.keys(packaged.files)).toEqual([
      ...BUNDLES.map((name) => `dist/${name}.cjs`),
      'host.json',
      'package.json',
    ]);
  });

  it('is the same, byte for byte, wherever and whenever it is made', () => {
    expect(sha256(again.zip)).toBe(sha256(packaged.zip));
    expect(again.sbom).toBe(packaged.sbom);
  });

  it('says nothing of the machine that made it', () => {
    for (const path of Object.keys(packaged.files)) {
      expect(text(path)).not.toContain(ground.path);
      expect(text(path)).not.toContain(resolve('.'));
    }
  });

  it('has the host.json of the sources, and a package.json that says what to load and of nothing to install', () => {
    expect(text('host.json')).toBe(readFileSync('host.json', 'utf8'));
    const { name, version, main, engines } = JSON.parse(readFileSync('package.json', 'utf8'));
    const deployed = JSON.parse(text('package.json'));
    expect(deployed).toEqual({ name, version, license: 'MIT', private: true, main, engines });
    expect(packaged.files[deployed.main]).toBeDefined();
  });

  it('is what the hosts of these tests load', () => {
    for (const path of [...BUNDLES.map((name) => `dist/${name}.cjs`), 'host.json']) {
      expect([path, sha256(readFileSync(join(APP_ROOT, path)))]).toEqual([
        path,
        sha256(packaged.files[path] as Uint8Array),
      ]);
    }
  });

  it('lies beside it unpacked', () => {
    const files = readdirSync(packaged.app, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const found = files.map((file) => join(file.parentPath, file.name));
    expect(found.map((file) => [relative(packaged.app, file), sha256(readFileSync(file))]).toSorted()).toEqual(
      Object.entries(packaged.files).map(([path, bytes]) => [path, sha256(bytes)]),
    );
  });
});

describe('the zip, unpacked where nothing else is', () => {
  const empty = emptyFolder();
  let world: World;
  beforeAll(async () => {
    for (const [path, bytes] of Object.entries(packaged.files)) {
      folderIn(empty.path, dirname(path));
      writeFileSync(join(empty.path, path), bytes);
    }
    process.env.APP_ROOT = empty.path;
    world = await raiseWorld();
  }, RAISE_MILLISECONDS);
  afterAll(async () => {
    await world?.stop();
    empty.remove();
  });

  it('has no package to load from, there or above', () => {
    expect(withParents(empty.path).filter((folder) => existsSync(join(folder, 'node_modules')))).toEqual([]);
  });

  it('signs a person in, calls an API for them and signs them out', async () => {
    const { browser, person } = await bringIn(world);
    const { origin } = world.app;
    expect((await browser.fetch(`${origin}/auth/session`)).json()).toMatchObject({ user: { username: person.upn } });
    const me = await browser.fetch(`${origin}/api/graph/me`, { headers: { 'x-csrf': '1' } });
    expect([me.status, me.json()]).toEqual([200, expect.objectContaining({ id: person.oid })]);
    expect((await browser.submit(`${origin}/auth/signout`, {}, origin)).status).toBe(303);
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  });

  it('loads every bundle', () => {
    const load = `for (const name of ${JSON.stringify(BUNDLES)}) if (name !== 'index') require(\`./dist/\${name}.cjs\`)`;
    execFileSync(process.execPath, ['--eval', load], { cwd: empty.path, env: {} });
  });

  it('is what the host has loaded', async () => {
    writeFileSync(join(empty.path, 'dist/index.cjs'), 'throw new Error("another one")');
    const loaded = await spawnHost({ environment: {} }).then(
      (host) => host.stop(),
      (error: Error) => error.message,
    );
    expect(loaded).toContain('another one');
  });
});

interface Component {
  readonly 'bom-ref': string;
  readonly purl: string;
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
}

describe('the bill of materials', () => {
  let bom: {
    readonly components: readonly Component[];
    readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
    readonly metadata: { readonly component: Component & { readonly components: readonly Component[] } };
  };
  beforeAll(() => {
    bom = JSON.parse(packaged.sbom);
  });
  const purlOf = (folder: string) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return `pkg:npm/${name.replace('@', '%40')}@${version}`;
  };

  it('is CycloneDX 1.6 by its schema', async () => {
    const validator = new CycloneDx.Validation.JsonStrictValidator(CycloneDx.Spec.Version.v1dot6);
    expect(await validator.validate(packaged.sbom)).toBeNull();
    expect(await validator.validate(packaged.sbom.replace('"library"', '"books"'))).not.toBeNull();
  });

  it('names the zip and each of its files by their hashes', () => {
    expect(bom.metadata.component.hashes).toEqual([{ alg: 'SHA-256', content: sha256(packaged.zip) }]);
    expect(bom.metadata.component.components.map(({ 'bom-ref': path, hashes }) => [path, hashes[0]?.content])).toEqual(
      Object.entries(packaged.files).map(([path, bytes]) => [path, sha256(bytes)]),
    );
  });

  it('has each package once that the source maps of the bundles know of', () => {
    const sources = packaged.sourceMaps.flatMap((map) => map.sources);
    const folders = sources.map(
      (source) => /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+(?=\/)/.exec(source)?.[0],
    );
    const known = new Set(folders.filter((folder) => folder !== undefined).map(purlOf));
    expect(known.size).toBeGreaterThan(50);
    const listed = bom.components.map(({ purl }) => purl);
    expect([...known].filter((purl) => !listed.includes(purl))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('has no package that only tests or builds', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { version: string; dev?: boolean }>;
    };
    const used = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
    const purls = used.map(
      ([path, { version }]) => `pkg:npm/${path.replace(/.*node_modules\//, '').replace('@', '%40')}@${version}`,
    );
    expect(bom.components.map(({ purl }) => purl).filter((purl) => !purls.includes(purl))).toEqual([]);
  });

  it('has a licence of each, which may be passed on, and the hash of what the registry gave', () => {
    const odd = bom.components.filter(
      ({ licenses }) => licenses.length !== 1 || !LICENCES.includes(licenses[0]?.license.id ?? ''),
    );
    expect(odd.map(({ purl }) => purl)).toEqual([]);
    expect(bom.components.filter(({ hashes }) => !/^[0-9a-f]{128}$/.test(hashes[0]?.content ?? ''))).toEqual([]);
  });

  it('leads from the zip by its files to every package, and to nothing that it does not have', () => {
    const edges = new Map(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    expect(edges.size).toBe(bom.dependencies.length);
    const reached = new Set<string>();
    const visit = (ref: string): void => {
      if (reached.has(ref)) return;
      reached.add(ref);
      for (const next of edges.get(ref) ?? []) visit(next);
    };
    visit('exeunt');
    const all = ['exeunt', ...Object.keys(packaged.files), ...bom.components.map(({ purl }) => purl)];
    expect([...reached].toSorted()).toEqual(all.toSorted());
  });

  it('goes with the texts of the licences, at the end of each bundle', () => {
    for (const name of BUNDLES) {
      const path = `dist/${name}.cjs`;
      const inside = bom.dependencies.find(({ ref }) => ref === path)?.dependsOn ?? [];
      const notices = text(path).slice(text(path).lastIndexOf('/*!'));
      expect(inside.length).toBeGreaterThan(0);
      for (const purl of inside) {
        const [, packageName, version] = /^pkg:npm\/(.*)@(.*)$/.exec(purl) ?? [];
        expect([path, notices]).toEqual([
          path,
          expect.stringContaining(`\n${packageName?.replace('%40', '@')} ${version} (`),
        ]);
      }
      expect(notices).toMatch(/permission notice shall be included in all\s+copies|Apache License/i);
    }
  });
});
