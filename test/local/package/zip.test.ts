import { describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { zipOf } from '../../../local/package/zip.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const FILES = [
  ['host.json', bytes('{}')],
  ['dist/b.cjs', bytes('b'.repeat(1000))],
  ['dist/a.cjs', bytes('a'.repeat(1000))],
] as const;

/** The entries of the central directory, where what unpacks looks for mode and time. */
function* directoryOf(zip: Uint8Array): Generator<DataView> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  for (let at = 0; at < zip.length - 4; at += 1) {
    if (view.getUint32(at, true) === 0x02014b50) yield new DataView(zip.buffer, zip.byteOffset + at);
  }
}

describe('a zip', () => {
  it('has its files sorted, and is the same in whatever order they came', () => {
    const zip = zipOf(new Map(FILES));
    expect(Object.keys(unzipSync(zip))).toEqual(['dist/a.cjs', 'dist/b.cjs', 'host.json']);
    expect(zipOf(new Map([...FILES].reverse()))).toEqual(zip);
  });

  it('gives back what was put in', () => {
    expect(unzipSync(zipOf(new Map(FILES)))).toEqual(Object.fromEntries(FILES));
  });

  it('has the first time that there is for a zip, and files that everybody may read', () => {
    const entries = [...directoryOf(zipOf(new Map(FILES)))];
    expect(entries).toHaveLength(FILES.length);
    for (const entry of entries) {
      // 1 January 1980, midnight, in DOS's fields.
      expect([entry.getUint16(14, true), entry.getUint16(12, true)]).toEqual([(1 << 5) | 1, 0]);
      expect(entry.getUint8(5)).toBe(3);
      expect((entry.getUint32(38, true) >>> 16).toString(8)).toBe('100644');
    }
  });
});
