import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { keywordsOf } from './catalogue.ts';
import { countMarkdown, countXml } from './count-keywords.ts';
import { readCounts } from './counts.ts';
import { renderCatalogue } from './render.ts';
import { SPECS } from './specs.ts';

describe.each(SPECS)('the catalogue of $title', (spec) => {
  const counted = readCounts(spec.id);

  it('accounts for each keyword of each section', () => {
    const accounted = spec.sections.map(({ section, requirements, others }): [string, number] => [
      section,
      requirements.reduce((sum, requirement) => sum + keywordsOf(requirement), others?.keywords ?? 0),
    ]);
    expect(accounted).toEqual(spec.sections.map(({ section }) => [section, counted.get(section) ?? 0]));
  });

  it('leaves no section of the text unmentioned, and mentions none twice', () => {
    const mentioned = [
      ...spec.sections.map(({ section }) => section),
      ...spec.elsewhere.flatMap(({ sections }) => sections),
    ];
    expect(new Set(mentioned).size).toBe(mentioned.length);
    expect([...counted.keys()].filter((section) => !mentioned.includes(section))).toEqual([]);
    const elsewhere = spec.elsewhere.flatMap(({ sections }) => sections);
    expect(elsewhere.filter((section) => !counted.has(section))).toEqual([]);
  });

  it('names each requirement once, by its section', () => {
    const ids = spec.sections.flatMap(({ section, requirements }) => requirements.map(({ id }) => ({ section, id })));
    expect(new Set(ids.map(({ id }) => id)).size).toBe(ids.length);
    for (const { section, id } of ids) expect(id).toMatch(new RegExp(`^${section.replaceAll('.', '\\.')}-[a-z0-9-]+$`));
  });
});

describe('keywords are counted', () => {
  it('in XML by section, those of comments and of subsections apart, over the ends of lines', () => {
    const text =
      '<middle><section title="A"><t>MUST, MUST\n NOT</t><!-- MUST --><section title="B"><t>SHOULD</t></section>' +
      '<t>REQUIRED</t></section><section title="C"><t>must</t></section></middle>';
    expect(Object.fromEntries(countXml(text).map(({ section, keywords }) => [section, keywords]))).toEqual({
      '1': 3,
      '1.1': 1,
      '2': 0,
    });
  });

  it('in Markdown by section, with both forms of headings', () => {
    const text = '--- middle\n\nA\n====\nMUST\n\nB\n-----\nSHOULD NOT\n\n### C\nNOT RECOMMENDED MAY\n\n# D\nSHALL';
    expect(countMarkdown(text).map(({ section, keywords }) => [section, keywords])).toEqual([
      ['1', 1],
      ['1.1', 1],
      ['1.1.1', 1],
      ['2', 1],
    ]);
  });
});

describe('docs/conformance.md', () => {
  it('is what `npm run conformance` makes of the catalogue', () => {
    expect(readFileSync('docs/conformance.md', 'utf8')).toBe(renderCatalogue(SPECS));
  });
});
