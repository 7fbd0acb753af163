import {
  brotliDecompressSync,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateRawSync,
  inflateSync,
} from 'node:zlib';

/** Something to search: where it was seen, and its bytes. */
export interface Seen {
  readonly where: string;
  readonly bytes: Uint8Array;
}

/** The shortest secret worth searching: anything shorter is found by chance. */
const SECRET_CHARACTERS_MIN = 12;
/** Of a compressed secret, the part that does not depend on what was compressed around it begins after the header. */
const COMPRESSED_SKIP_BYTES = 12;

/** Where any of the secrets was seen, in clear or in one of the forms in which secrets slip through. */
export function findSecrets(secrets: Iterable<string>, seen: readonly Seen[]): string[] {
  const haystacks = seen.flatMap(({ where, bytes }) => [
    { where, text: Buffer.from(bytes).toString('latin1') },
    ...inflations(bytes).map((inflated) => ({ where: `${where}, inflated`, text: inflated.toString('latin1') })),
  ]);
  const found = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SECRET_CHARACTERS_MIN) continue;
    for (const [form, needle] of forms(secret)) {
      for (const { where, text } of haystacks) if (text.includes(needle)) found.add(`${form} of a secret in ${where}`);
    }
  }
  return [...found];
}

/** The forms of one secret, each as a string of bytes. */
function forms(secret: string): [string, string][] {
  const bytes = Buffer.from(secret);
  const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const compressed: [string, Buffer][] = [
    ['raw deflate', deflateRawSync(bytes)],
    ['deflate', deflateSync(bytes)],
    ['gzip', gzipSync(bytes)],
  ];
  return [
    ['clear text', secret],
    ['reverse', [...secret].reverse().join('')],
    ['percent-encoding', encodeURIComponent(secret)],
    ['full percent-encoding', percent],
    ['full percent-encoding', percent.toUpperCase()],
    ['hex', bytes.toString('hex')],
    ['base64', withoutEdges(bytes.toString('base64'))],
    ['base64url', withoutEdges(bytes.toString('base64url'))],
    // In the middle of another text base64 comes in three alignments.
    ...[1, 2].flatMap((shift): [string, string][] => {
      const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
      return [
        ['shifted base64', withoutEdges(shifted.toString('base64'))],
        ['shifted base64url', withoutEdges(shifted.toString('base64url'))],
      ];
    }),
    ...compressed.map(([form, value]): [string, string] => [
      form,
      value.subarray(COMPRESSED_SKIP_BYTES, -8).toString('latin1'),
    ]),
  ].filter(([, needle]) => (needle?.length ?? 0) >= SECRET_CHARACTERS_MIN) as [string, string][];
}

/** The first and last characters depend on what stands around the secret. */
function withoutEdges(encoded: string): string {
  return encoded.replace(/=+$/, '').slice(4, -4);
}

function inflations(bytes: Uint8Array): Buffer[] {
  return [gunzipSync, inflateSync, inflateRawSync, brotliDecompressSync].flatMap((inflate) => {
    try {
      return [inflate(bytes)];
    } catch {
      return [];
    }
  });
}
