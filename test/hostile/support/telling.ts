/** Shorter ones turn up by chance. */
const TELLING_CHARACTERS = 8;

/** The token, its parts, and every text in them: what a careless answer or log would repeat. */
export function tellingParts(token: string): string[] {
  const parts = token.split('.', 3);
  const texts = parts.slice(0, 2).flatMap((part) => textsIn(Buffer.from(part, 'base64url').toString()));
  return telling([token, ...parts, ...texts]);
}

/** Of some texts those that say something where they turn up. */
export function telling(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text.length >= TELLING_CHARACTERS);
}

/** Of a JSON document the texts that say something where they turn up. */
export const tellingTexts = (json: string): string[] => telling(textsIn(json));

/** Every text of a JSON document but the names of its members, which are the specification's. */
function textsIn(json: string): string[] {
  try {
    const texts: string[] = [];
    JSON.parse(json, (_name, value) => {
      if (typeof value === 'string') texts.push(value);
      return value;
    });
    return texts;
  } catch {
    return [];
  }
}
