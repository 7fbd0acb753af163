/** Deeper than any token's claims; more is somebody's attempt on a parser. */
const DEPTH_MAX = 16;

/**
 * Whether a base64url part of a JWT is JSON without a member that is there twice in one object, and not nested absurdly deep.
 *
 * @see RFC 7519 section 4; RFC 8725 section 2.4
 */
export function hasUniqueMembers(part: string): boolean {
  const text = Buffer.from(part, 'base64url').toString('utf8');
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  return scan(text);
}

/** Strings, and the signs that open, close and part; of valid JSON nothing else matters here. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

function scan(json: string): boolean {
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
