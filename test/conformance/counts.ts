import { readFileSync } from 'node:fs';

interface Counts {
  /** What was counted, in a line. */
  readonly source: string;
  readonly sections: ReadonlyMap<string, number>;
}

/** The lines of `counts/{spec}.tsv`, as `count-keywords.ts` prints them: section, keywords, title. */
function read(specId: string): Counts {
  const [source = '', ...lines] = readFileSync(new URL(`./counts/${specId}.tsv`, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const sections = lines.map((line): [string, number] => {
    const [section = '', keywords = ''] = line.split('\t');
    return [section, Number(keywords)];
  });
  return { source: source.replace(/^# /, ''), sections: new Map(sections) };
}

/** How many keywords each section of a spec's text has; sections without one are not there. */
export const readCounts = (specId: string): ReadonlyMap<string, number> => read(specId).sections;

/** Where the text was had that was counted. */
export const sourceOfCounts = (specId: string): string => read(specId).source;
