import { describe, expect, it } from '@jest/globals';
import { destination, linksOf, read } from './markdown.ts';

const DOCUMENT = 'SECURITY.md';
const TEST = /^test\/.+\.ts$/;

const cited = linksOf(read(DOCUMENT)).flatMap(({ text, target }) => {
  const path = destination(DOCUMENT, target)?.path;
  return path !== undefined && TEST.test(path) ? [{ text, path }] : [];
});

describe('SECURITY.md', () => {
  it('names the tests that hold what it says', () => {
    expect(cited.length).toBeGreaterThan(40);
  });

  it.each(cited)('$path has "$text" in it', ({ text, path }) => {
    expect(read(path)).toContain(text);
  });
});
