import { describe, expect, it } from '@jest/globals';
import { boundedText, OP_ANSWER_BYTES_MAX } from '../../../shared/oidc/bounded-text.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the text of an answer', () => {
  it.each(['', '{"a":1}', 'ünïcödé \u{1f510}'])('comes as it was sent: %j', async (text) => {
    expect(await boundedText(new Response(text))).toBe(text);
  });

  it('is none where there is no body', async () => {
    expect(await boundedText(new Response(null))).toBe('');
  });

  it('may be cut within a character', async () => {
    const body = new ReadableStream({
      start: (controller) => {
        for (const byte of bytes('ü')) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await boundedText(new Response(body))).toBe('ü');
  });

  it('may be as long as the bound in bytes, not in characters', async () => {
    expect(await boundedText(new Response('ü'.repeat(5)), 10)).toBe('ü'.repeat(5));
    expect(await boundedText(new Response('ü'.repeat(6)), 10)).toBeNull();
  });

  it('is not read on where it never ends', async () => {
    let sent = 0;
    let cancelled = false;
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 16 * 1024;
        controller.enqueue(new Uint8Array(16 * 1024));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    expect(await boundedText(new Response(body))).toBeNull();
    expect(cancelled).toBe(true);
    expect(sent).toBeLessThan(2 * OP_ANSWER_BYTES_MAX);
  });
});
