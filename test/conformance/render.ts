import { keywordsOf, type Requirement, type Spec, type Verdict, verdictOf } from './catalogue.ts';
import { readCounts, sourceOfCounts } from './counts.ts';

export interface Totals {
  readonly requirements: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
}

/** How many requirements a spec has, by what is said of them. */
export function totalsOf(spec: Spec): Totals {
  const requirements = spec.sections.flatMap((section) => section.requirements);
  const count = (verdict: Verdict) => requirements.filter((one) => verdictOf(one) === verdict).length;
  return {
    requirements: requirements.length,
    verdicts: { pass: count('pass'), 'not applicable': count('not applicable'), deviates: count('deviates') },
  };
}

/** What is said of a requirement, in words. */
export function remarkOf(requirement: Requirement): string {
  const { notApplicable, deviates } = requirement;
  if (notApplicable !== undefined) return `not applicable: ${notApplicable}`;
  return deviates === undefined ? 'pass' : `deviates: ${deviates}`;
}

/** `docs/conformance.md`, whole. */
export function renderCatalogue(specs: readonly Spec[]): string {
  return `${[...intro(), ...summary(specs), ...specs.flatMap(chapter)].join('\n')}\n`;
}

function intro(): string[] {
  return [
    '# Conformance',
    '',
    'What the specs ask of a relying party, each demand in our words, and what is said of it. Made by `npm run conformance` from',
    '`test/conformance/`; a test fails where this page is out of date.',
    '',
    '- **pass**: a test of that name holds it, on a real host with an OP wherever a user would meet it.',
    '- **not applicable**: the clause that exempts is named.',
    '- **deviates**: not followed, with the reason; a test holds what is done instead.',
    '',
    '## How it was counted',
    '',
    'A script (`test/conformance/count-keywords.ts`) counted MUST, SHALL, REQUIRED, SHOULD, RECOMMENDED and their negations in each',
    'section of the text; "MUST NOT" is one. `test/conformance/counts/` has what it printed. A test holds that the catalogue accounts',
    'for every keyword of every section: by a requirement (which may stand for several that say one thing), as binding somebody',
    'else, or with the whole section as asking nothing of us. "needs" marks demands that the text makes without a keyword. Where a',
    "spec's text could not be had for the script, the table says how it was counted.",
    '',
  ];
}

function summary(specs: readonly Spec[]): string[] {
  const rows = specs.map((spec) => {
    const { requirements, verdicts } = totalsOf(spec);
    const keywords = [...readCounts(spec.id).values()].reduce((sum, one) => sum + one, 0);
    const ours = spec.sections
      .flatMap((section) => section.requirements)
      .reduce((sum, one) => sum + keywordsOf(one), 0);
    return `| [${spec.title}](${spec.url}) | ${keywords} | ${ours} | ${requirements} | ${verdicts.pass} | ${verdicts['not applicable']} | ${verdicts.deviates} |`;
  });
  return [
    '| spec | keywords in its text | of them ours | requirements | pass | not applicable | deviates |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ];
}

function chapter(spec: Spec): string[] {
  const rows = spec.sections.flatMap(({ section, requirements }) =>
    requirements.map((one) => `| ${section} | ${one.keyword} | ${one.says} | ${remarkOf(one)} | \`${one.id}\` |`),
  );
  const others = spec.sections
    .filter((section) => section.others !== undefined)
    .map(({ section, others }) => `§${section}: ${others?.keywords} (${others?.who})`);
  return [
    `## ${spec.title}`,
    '',
    `Looked at: ${spec.part}. Counted ${spec.counted}: ${sourceOfCounts(spec.id)}. Tests: [\`${spec.id}.test.ts\`](../test/conformance/${spec.id}.test.ts).`,
    '',
    '| section | keyword | requirement | | id |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    ...(others.length > 0 ? [`Keywords in these sections that bind others: ${others.join('; ')}.`, ''] : []),
    'Sections that ask nothing of us:',
    '',
    ...spec.elsewhere.map(({ sections, because }) => `- §${sections.join(', §')}: ${because}.`),
    '',
  ];
}
