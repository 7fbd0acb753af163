/** The words of RFC 2119 that bind; `needs` is a demand that the text makes without one of them. */
export type Keyword =
  | 'MUST'
  | 'MUST NOT'
  | 'REQUIRED'
  | 'SHALL'
  | 'SHOULD'
  | 'SHOULD NOT'
  | 'RECOMMENDED'
  | 'NOT RECOMMENDED'
  | 'needs';

/** One demand of a spec on a relying party (client, BFF, recipient), in our words. */
export interface Requirement {
  /** Unique in its spec: the section, and a word. */
  readonly id: string;
  readonly keyword: Keyword;
  readonly says: string;
  /** How many of the section's keywords it stands for, where that is not one; a demand without a keyword stands for none. */
  readonly keywords?: number;
  /** The clause that exempts us. Without it, and without `deviates`, the requirement is held by a test of its id. */
  readonly notApplicable?: string;
  /** What is done instead, which a test of its id holds, and why. */
  readonly deviates?: string;
}

export interface Section {
  readonly section: string;
  readonly requirements: readonly Requirement[];
  /** The keywords of the section that bind somebody else. */
  readonly others?: { readonly keywords: number; readonly who: string };
}

/** Sections with keywords, none of which is asked of us. */
export interface Elsewhere {
  readonly sections: readonly string[];
  readonly because: string;
}

export interface Spec {
  /** Its file of counts, `counts/{id}.tsv`, and its tests, `{id}.test.ts`. */
  readonly id: string;
  readonly title: string;
  readonly url: string;
  /** What of the spec is looked at. */
  readonly part: string;
  /** How the keywords of its text were counted. */
  readonly counted: string;
  readonly sections: readonly Section[];
  readonly elsewhere: readonly Elsewhere[];
}

export type Verdict = 'pass' | 'not applicable' | 'deviates';

/** What the catalogue says of a requirement, provided that its test passes. */
export function verdictOf({ notApplicable, deviates }: Requirement): Verdict {
  if (notApplicable !== undefined) return 'not applicable';
  return deviates === undefined ? 'pass' : 'deviates';
}

/** The keywords of its section that a requirement stands for. */
export function keywordsOf({ keyword, keywords }: Requirement): number {
  return keywords ?? (keyword === 'needs' ? 0 : 1);
}
