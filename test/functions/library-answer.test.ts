import { HttpResponse, type HttpResponseInit } from '@azure/functions';
import { describe, expect, it } from '@jest/globals';
import { LibraryAnswer } from '../../functions/library-answer.ts';
import type { Answer } from '../../shared/http/message.ts';

/** What the library takes of an answer, and so what goes out. */
async function takenOf({ status, headers, cookies, body }: HttpResponse) {
  const pieces: Buffer[] = [];
  for await (const piece of body?.values() ?? []) pieces.push(Buffer.from(piece as Uint8Array));
  const sorted = [...headers.entries()].sort(([a], [b]) => a.localeCompare(b));
  return {
    status,
    headers: sorted,
    connection: headers.get('connection'),
    cookies,
    body: String(Buffer.concat(pieces)),
  };
}

async function* inPieces(...pieces: string[]): AsyncIterable<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

const COOKIES: Answer['cookies'] = [
  { name: '__Host-session', value: 'v', sameSite: 'Lax', maxAgeSeconds: null },
  { name: '__Host-signin-1', value: '', sameSite: 'None', maxAgeSeconds: 0 },
];
/** As the library takes them. */
const THEIRS = [
  { name: '__Host-session', value: 'v', sameSite: 'Lax', httpOnly: true, secure: true, path: '/' },
  { name: '__Host-signin-1', value: '', sameSite: 'None', httpOnly: true, secure: true, path: '/', maxAge: 0 },
] as const;

describe('an answer for the Functions library', () => {
  it.each<[string, () => Answer['body']]>([
    ['no content', () => null],
    ['a text', () => 'Exit, pursued by a bear: Müller, 熊'],
    ['bytes', () => Buffer.from('bytes')],
    ['no bytes', () => new Uint8Array()],
    ['a stream', () => inPieces('first ', 'second')],
  ])('of %s is written out as the library’s own would be', async (_what, body) => {
    const answer = { status: 207, headers: { 'content-type': 'text/plain', etag: '"1"', vary: 'Accept, Cookie' } };
    const theirs = new HttpResponse({ ...answer, cookies: THEIRS, body: body() } as unknown as HttpResponseInit);
    const ours = new LibraryAnswer({ ...answer, cookies: COOKIES, body: body() });
    expect(ours).toBeInstanceOf(HttpResponse);
    expect(await takenOf(ours)).toEqual(await takenOf(theirs));
  });
});
