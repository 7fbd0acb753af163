import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html, serialize } from '../../../shared/page/html.ts';

const unescaped = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

const HOSTILE = fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '=', ' ', 'a', ';', 'é', '&lt;') });

describe('the html template', () => {
  it('lets no interpolated character become markup, and loses none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), HOSTILE), (value) => {
        const escaped = serialize(html`${value}`);
        expect(escaped).not.toMatch(/[<>"']/);
        expect(escaped).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39);)/);
        expect(unescaped(escaped)).toBe(value);
      }),
    );
  });

  it('lets nested markup through, once escaped and never twice', () => {
    const inner = html`<b>${'a & b'}</b>`;
    expect(serialize(html`<p>${inner}</p>`)).toBe('<p><b>a &amp; b</b></p>');
  });

  it('writes the pieces of a list one after the other, each by its own kind', () => {
    expect(serialize(html`<ul>${['<', html`<li>`, 3]}</ul>`)).toBe('<ul>&lt;<li>3</ul>');
  });

  it('takes nothing for markup that did not come from a template, whatever its shape', () => {
    const forged = JSON.parse('{"markup":"<script>","Symbol(markup)":"<script>"}');
    expect(() => serialize(html`${forged}`)).toThrow();
    expect(serialize(html`${'<script>'}`)).toBe('&lt;script&gt;');
  });
});
