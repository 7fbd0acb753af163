import { zipSync } from 'fflate';

/** Files by their paths in the archive. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** The first that a zip can tell, in the fields of the calendar, which are the same in every time zone. */
const MODIFIED = new Date(1980, 0, 1);
/** Made on a Unix (else what unpacks does not heed the mode): a regular file that its owner writes and everybody reads. */
const UNIX = 3;
const MODE = (0o100644 << 16) >>> 0;

/**
 * A zip archive: the same files give the same bytes, whenever, wherever and in whatever order they come.
 *
 * fflate compresses in JavaScript: Node's own zlib gives other bytes from one version of Node to the next.
 */
export function zipOf(files: Files): Uint8Array {
  const sorted = [...files].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return zipSync(Object.fromEntries(sorted), { level: 9, mtime: MODIFIED, os: UNIX, attrs: MODE });
}
