/**
 * Counts the requirement keywords (RFC 2119) of each section of a spec, from the source it is published from: xml2rfc's XML,
 * or kramdown's or mmark's Markdown. `node test/conformance/count-keywords.ts <file> [<number of the first section>]` prints
 * `section<TAB>count<TAB>title`. The catalogue keeps what it printed; the specs themselves are no part of this repository.
 */
import { readFileSync } from 'node:fs';

const KEYWORDS = /\b(?:MUST NOT|MUST|SHALL NOT|SHALL|REQUIRED|SHOULD NOT|SHOULD|NOT RECOMMENDED|RECOMMENDED)\b/g;

interface CountedSection {
  readonly section: string;
  readonly title: string;
  readonly keywords: number;
}

/** Two keywords over a line's end are one: white space counts as one space. Those of a subsection are its own. */
const keywordsIn = (text: string): number => text.replace(/\s+/g, ' ').match(KEYWORDS)?.length ?? 0;

/** Numbers headings as the tools that typeset them do. */
function numbering(first: number): (depth: number) => string {
  const counters: number[] = [first - 1];
  return (depth) => {
    counters.length = depth;
    counters[depth - 1] = (counters[depth - 1] ?? 0) + 1;
    return counters.join('.');
  };
}

/** Sections of `<middle>`; comments and processing instructions are no text. */
export function countXml(source: string, first = 1): CountedSection[] {
  const middle = source
    .slice(source.indexOf('<middle>'), source.indexOf('</middle>'))
    .replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g, '');
  const number = numbering(first);
  const open: { section: string; title: string; text: string }[] = [];
  const closed: CountedSection[] = [];
  for (const [, tag, text = ''] of middle.matchAll(/(<[^>]*>)([^<]*)/g)) {
    if (/^<section[\s>]/.test(tag ?? '')) {
      const title = /title="([^"]*)"/.exec(tag ?? '')?.[1] ?? '';
      open.push({ section: number(open.length + 1), title, text: '' });
    } else if (tag === '</section>') {
      const done = open.pop();
      if (done) closed.push({ section: done.section, title: done.title, keywords: keywordsIn(done.text) });
    }
    const current = open.at(-1);
    if (current) current.text += ` ${text}`;
  }
  return closed;
}

/** Headings with number signs, and those underlined by `===` (the first level) or `---` (the second). Front matter is no text. */
export function countMarkdown(source: string, first = 1): CountedSection[] {
  const number = numbering(first);
  const sections: { section: string; title: string; text: string }[] = [];
  const body = source.slice(Math.max(0, source.indexOf('--- middle')));
  let fenced = false;
  let before = '';
  for (const line of body.split('\n')) {
    if (/^(?:```|~~~)/.test(line)) fenced = !fenced;
    const marked = fenced ? null : /^(#+) (.*)$/.exec(line);
    const underlined = !fenced && before.trim() !== '' && /^(?:={4,}|-{4,})$/.test(line);
    if (marked) sections.push({ section: number(marked[1]?.length ?? 1), title: marked[2] ?? '', text: '' });
    else if (underlined) sections.push({ section: number(line.startsWith('=') ? 1 : 2), title: before, text: '' });
    const current = sections.at(-1);
    if (current) current.text += `${line}\n`;
    before = line;
  }
  return sections.map(({ section, title, text }) => ({ section, title, keywords: keywordsIn(text) }));
}

if (import.meta.main) {
  const [path = '', first = '1'] = process.argv.slice(2);
  const count = path.endsWith('.xml') ? countXml : countMarkdown;
  for (const { section, title, keywords } of count(readFileSync(path, 'utf8'), Number(first))) {
    console.log(`${section}\t${keywords}\t${title}`);
  }
}
