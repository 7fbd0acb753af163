import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { anchorsOf, destination, documents, linksOf, read } from './markdown.ts';

/** What is wrong with the links of a document, each in a line. */
function broken(document: string, markdown: string): string[] {
  return linksOf(markdown).flatMap(({ target }) => {
    const to = destination(document, target);
    if (to === null) return [];
    if (!existsSync(to.path)) return [`${document}: ${target}: there is no ${to.path}`];
    if (to.anchor === '' || !to.path.endsWith('.md')) return [];
    return anchorsOf(read(to.path)).has(to.anchor) ? [] : [`${document}: ${target}: there is no such heading`];
  });
}

describe('the documents', () => {
  it('are there', () => {
    expect(documents()).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/operations.md']));
  });

  it.each(documents())('%s: every link to a file or a heading of this repository leads there', (document) => {
    expect(broken(document, read(document))).toEqual([]);
  });
});

describe('a broken link is seen', () => {
  it.each([
    ['to a file that is not there', '[a](nowhere.md)'],
    ['to a heading that is not there', '[a](docs/storage.md#nowhere)'],
    ['to a heading of its own that is not there', '[a](#nowhere)'],
    ['that leads out of the repository', '[a](../elsewhere.md)'],
    ['whose text is code', '[`a`](nowhere.md)'],
  ])('%s', (_, markdown) => {
    expect(broken('README.md', markdown)).toHaveLength(1);
  });

  it('and what is no link is none: in code, in a block of code, to elsewhere', () => {
    const markdown = '`[a](nowhere.md)`\n\n```\n[a](nowhere.md)\n```\n\n[a](https://example.com/nowhere.md)';
    expect(broken('README.md', markdown)).toEqual([]);
  });
});

describe('an anchor', () => {
  it.each([
    ['## Rotate session keys', 'rotate-session-keys'],
    ['### What of this holds on Azure', 'what-of-this-holds-on-azure'],
    ['## `EventSource`, images, downloads', 'eventsource-images-downloads'],
    ['## Revocation (`AUTH_REVOCATION`)', 'revocation-auth_revocation'],
    ['## A [link](x.md) & more', 'a-link--more'],
    ['## Über', 'über'],
  ])('of %s is #%s', (heading, anchor) => {
    expect([...anchorsOf(heading)]).toEqual([anchor]);
  });

  it('of a heading that comes twice has a number the second time', () => {
    expect([...anchorsOf('# A\n\n# A')]).toEqual(['a', 'a-1']);
  });
});
