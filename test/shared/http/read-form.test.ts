import { describe, expect, it } from '@jest/globals';
import { readForm } from '../../../shared/http/read-form.ts';
import { testRequest } from '../../support/request.ts';

const FORM = 'application/x-www-form-urlencoded';

/** A body that counts how often it is asked for more, and whether it was let go. */
function bodyOf(chunk: Uint8Array, chunks: number): { body: ReadableStream; given(): number; cancelled(): boolean } {
  let given = 0;
  let cancelled = false;
  const body = new ReadableStream(
    {
      pull(controller) {
        if (given === chunks) controller.close();
        else {
          given += 1;
          controller.enqueue(chunk);
        }
      },
      cancel() {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, given: () => given, cancelled: () => cancelled };
}

const post = (body: ReadableStream | null, contentType = FORM) => ({
  ...testRequest({ 'content-type': contentType }, 'POST'),
  body,
});

describe('a posted form', () => {
  it.each([FORM, `${FORM}; charset=utf-8`, FORM.toUpperCase()])('is read as %s', async (contentType) => {
    const { body } = bodyOf(Buffer.from('code=a%20b&state=c'), 1);
    expect([...((await readForm(post(body, contentType))) ?? [])]).toEqual([
      ['code', 'a b'],
      ['state', 'c'],
    ]);
  });

  it('may come in pieces', async () => {
    const { body } = bodyOf(Buffer.from('a=1&'), 3);
    expect((await readForm(post(body)))?.getAll('a')).toEqual(['1', '1', '1']);
  });

  it('of more than 64 KiB is let go before the rest of it is read', async () => {
    const { body, given, cancelled } = bodyOf(Buffer.alloc(16 * 1024, 'a'), 1_000);
    expect(await readForm(post(body))).toBeNull();
    expect(given()).toBe(5);
    expect(cancelled()).toBe(true);
  });

  it('that breaks off half-way is none', async () => {
    let given = false;
    const body = new ReadableStream({
      pull(controller) {
        if (given) controller.error(new Error('aborted'));
        else controller.enqueue(Buffer.from('code=a&state=b'));
        given = true;
      },
    });
    expect(await readForm(post(body))).toBeNull();
  });

  it.each(['text/plain', `${FORM}x`, 'multipart/form-data', ''])('is none as %j', async (contentType) => {
    expect(await readForm(post(bodyOf(Buffer.from('a=1'), 1).body, contentType))).toBeNull();
  });

  it('without a body is none', async () => {
    expect(await readForm(post(null))).toBeNull();
  });
});
