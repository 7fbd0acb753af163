import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildSync } from 'esbuild';

const FOLDER = join(import.meta.dirname, '../../../shared/client/browser');
const COMPRESSED_BYTES_MAX = 3_000;

let script: string;
beforeAll(() => {
  const { outputFiles } = buildSync({
    entryPoints: [join(FOLDER, 'module.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
  });
  script = outputFiles[0]?.text ?? '';
});

describe('the client module', () => {
  it('is under 3 KB compressed', () => {
    expect(gzipSync(script).length).toBeLessThan(COMPRESSED_BYTES_MAX);
  });

  it('depends on nothing, and knows no way from text to markup or code', () => {
    expect(script).not.toMatch(/\bimport\b|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(/);
  });

  it('exports what its types say, and nothing else', () => {
    const types = readFileSync(join(FOLDER, 'exeunt.d.ts'), 'utf8');
    const declared = [...types.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
    const [, exported = ''] = /export\{([^}]*)\}/.exec(script) ?? [];
    expect(
      exported
        .split(',')
        .map((each) => each.split(' as ').at(-1))
        .toSorted(),
    ).toEqual(declared.toSorted());
  });
});
