/** One challenge of a `WWW-Authenticate`. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** Null where it has parameters instead, or nothing at all. */
  readonly token68: string | null;
  /** Names in lower case; quotes and escapes taken off the values. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** As many characters of one field as are read; a longer one is not understood. */
const FIELD_CHARACTERS_MAX = 16 * 1024;
const CHALLENGES_MAX = 32;

// RFC 9110 sections 5.6.2 to 5.6.4 and 11.2. Each takes what it takes in one pass, whatever the text.
const TOKEN = /[!#$%&'*+.^_`|~\w-]+/y;
const TOKEN68 = /[\w.~+/-]+=*(?=[ \t]*(?:,|$))/y;
const QUOTED = /"((?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t \x21-\x7e\x80-\xff])*)"/y;
const EQUALS = /[ \t]*=[ \t]*/y;
const SPACES = /[ \t]+/y;
const SEPARATORS = /[ \t,]*/y;
const END_OF_ITEM = /[ \t]*(?:,[ \t,]*|$)/y;

/**
 * The challenges of an answer. A field that breaks the grammar says nothing, and so do all of its challenges: what two readers
 * could take two ways is not followed. Several fields are read each on its own.
 *
 * @param field as it came; several stand apart
 * @see RFC 9110 section 11.6.1
 */
export function parseWwwAuthenticate(field: string | readonly string[] | undefined): readonly Challenge[] {
  const fields = typeof field === 'string' ? [field] : (field ?? []);
  return fields.flatMap((each) => (each.length > FIELD_CHARACTERS_MAX ? [] : (parseField(each) ?? [])));
}

/** Null where it breaks the grammar. */
function parseField(text: string): Challenge[] | null {
  const at = { index: 0 };
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at.index;
    const match = pattern.exec(text);
    if (match !== null) at.index = pattern.lastIndex;
    return match;
  };
  const challenges: Challenge[] = [];
  take(SEPARATORS);
  while (at.index < text.length) {
    const challenge = parseChallenge(take, at);
    if (challenge === null || challenges.push(challenge) > CHALLENGES_MAX) return null;
  }
  return challenges;
}

type Take = (pattern: RegExp) => RegExpExecArray | null;

function parseChallenge(take: Take, at: { index: number }): Challenge | null {
  const scheme = take(TOKEN)?.[0].toLowerCase();
  if (scheme === undefined) return null;
  const bare = { scheme, token68: null, parameters: new Map<string, string>() };
  if (take(END_OF_ITEM)) return bare;
  if (!take(SPACES)) return null;
  const token68 = take(TOKEN68)?.[0];
  if (token68 !== undefined) return take(END_OF_ITEM) && { ...bare, token68 };
  do {
    const start = at.index;
    const name = take(TOKEN)?.[0].toLowerCase();
    if (name === undefined || !take(EQUALS)) {
      // No parameter: the next challenge's scheme, or nothing that the grammar knows.
      at.index = start;
      return bare.parameters.size > 0 && name !== undefined ? bare : null;
    }
    const value = take(TOKEN)?.[0] ?? take(QUOTED)?.[1]?.replace(/\\(.)/gs, '$1');
    // A name that comes twice contradicts itself (section 11.2).
    if (value === undefined || bare.parameters.has(name) || !take(END_OF_ITEM)) return null;
    bare.parameters.set(name, value);
  } while (take(/(?=.)/sy));
  return bare;
}
