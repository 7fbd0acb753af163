/** Deeper than any token's claims, and than any setting; more is somebody's attempt on a parser. */
const DEPTH_MAX = 16;

/** Strings, and the signs that open, close and part; of valid JSON nothing else matters here. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * Whether JSON has no member that is there twice in one object, and is not nested absurdly deep. Of two most parsers take the last
 * without a word, others the first.
 *
 * @param json that a parser has taken
 * @see RFC 8259 section 4
 */
export function hasUniqueMembers(json: string): boolean {
  /** The names met so far in each object that is open; null for an array. */
  const open: (Set<string> | null)[] = [];
  let isName = false;
  for (const [token] of json.matchAll(TOKEN)) {
    switch (token) {
      case '{':
      case '[':
        if (open.length === DEPTH_MAX) return false;
        open.push(token === '{' ? new Set() : null);
        isName = token === '{';
        break;
      case '}':
      case ']':
        open.pop();
        isName = false;
        break;
      case ',':
        isName = open.at(-1) !== null;
        break;
      case ':':
        isName = false;
        break;
      default: {
        const names = open.at(-1);
        if (!isName || !names) break;
        const name: string = JSON.parse(token);
        if (names.has(name)) return false;
        names.add(name);
      }
    }
  }
  return true;
}
