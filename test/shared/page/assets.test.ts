import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { textPlugin } from '../../../local/bundle/text-plugin.ts';
import type { Asset } from '../../../shared/assets/asset.ts';
import type { ASSETS } from '../../../shared/page/assets.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SCRIPT_BYTES_MAX = 8_000;

let bundle = '';
let assets: typeof ASSETS;

beforeAll(async () => {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['shared/page/assets.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    plugins: [textPlugin],
  });
  bundle = outputFiles[0]?.text ?? '';
  ({ ASSETS: assets } = await import(`data:text/javascript;base64,${Buffer.from(bundle).toString('base64')}`));
});

function asset(name: string): Asset {
  const found = assets.get(name);
  if (found === undefined) throw new Error(`no asset ${name}`);
  return found;
}

describe('the files that pages load', () => {
  it('are the style, the script and the icon, each with its type and the hash of its bytes', () => {
    expect([...assets.keys()].sort()).toEqual(['icon.svg', 'leave.js', 'page.css', 'page.js']);
    expect(asset('page.js').contentType).toMatch(/^text\/javascript/);
    expect(asset('page.css').contentType).toMatch(/^text\/css/);
    expect(asset('icon.svg').contentType).toBe('image/svg+xml');
    for (const { body, etag } of assets.values()) {
      expect(etag).toBe(`"${createHash('sha256').update(body).digest('base64url')}"`);
    }
  });

  it('include a script that is one small module, over the client that every application can have', () => {
    const { body } = asset('page.js');
    expect(Buffer.byteLength(body)).toBeLessThan(SCRIPT_BYTES_MAX);
    const imported = [...body.matchAll(/\bimport\b[^;]*?["']([^"']*)/g)].map(([, from]) => from);
    expect(imported.length).toBeGreaterThan(0);
    for (const from of imported) expect(from).toBe('/exeunt.js');
    expect(body).not.toMatch(/\n./);
    // Who is signed in, what keeps other sites out and what other tabs are told is the client's to know.
    expect(body).not.toMatch(/auth\/session\b(?!s)|BroadcastChannel|sendBeacon|auth\/signin/);
  });

  it('include a script with no way from text to markup or code, and no storage of its own', () => {
    expect(asset('page.js').body).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(|Function\(|localStorage|sessionStorage|indexedDB/,
    );
  });

  it('load nothing from anywhere themselves', () => {
    expect(asset('page.css').body).not.toMatch(/url\(|@import/);
    expect(asset('icon.svg').body.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<script|style=|href/);
  });

  it('do not say where they were built', () => {
    expect(bundle).not.toContain(ROOT);
  });
});
