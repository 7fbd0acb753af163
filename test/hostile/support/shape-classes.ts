import fc from 'fast-check';
import { type ForgeKey, signParts, signTexts, type TokenParts } from './forge.ts';
import { type Cases, ownKey, withClaims, withHeader, word } from './hostile-token.ts';

/** No door takes a token of so many characters. */
const TOO_MANY = 64 * 1024;

export const huge: Cases = fc
  .record({
    signer: ownKey,
    characters: fc.integer({ min: TOO_MANY + 1, max: 512 * 1024 }),
    where: fc.constantFrom('claim', 'header', 'signature', 'parts', 'no token'),
  })
  .map(({ signer, characters, where }) => ({
    what: `${characters} characters, ${where}`,
    forge(good) {
      const padding = 'x'.repeat(characters);
      switch (where) {
        case 'claim':
          return signParts(withClaims(good, { padding }), signer);
        case 'header':
          return signParts(withHeader(good, { padding }), signer);
        case 'signature':
          return `${signParts(good, signer)}${padding}`;
        case 'parts':
          return `${signParts(good, signer)}${'.x'.repeat(characters / 2)}`;
        default:
          return padding;
      }
    },
  }));

/** Signed as they stand, with a text in place of the claims or the header. */
const signed = (
  good: TokenParts,
  signer: ForgeKey,
  part: 'header' | 'claims',
  alter: (json: string) => string,
): string => {
  const header = JSON.stringify({ alg: signer.alg, kid: signer.kid, ...good.header });
  const claims = JSON.stringify(good.claims);
  return part === 'header' ? signTexts(alter(header), claims, signer) : signTexts(header, alter(claims), signer);
};
const withMember = (json: string, member: string): string => `${json.slice(0, -1)},${member}}`;
const part = fc.constantFrom('header' as const, 'claims' as const);

export const deepJson: Cases = fc
  .record({ signer: ownKey, part, depth: fc.integer({ min: 17, max: 4_000 }), objects: fc.boolean(), name: word })
  .map(({ signer, part, depth, objects, name }) => ({
    what: `${depth} deep in the ${part}`,
    forge(good) {
      const [open, close] = objects ? ['{"a":', '}'] : ['[', ']'];
      const nested = `${open.repeat(depth)}0${close.repeat(depth)}`;
      return signed(good, signer, part, (json) => withMember(json, `"${name}":${nested}`));
    },
  }));

export const duplicatedMembers: Cases = fc
  .record({
    signer: ownKey,
    part,
    which: fc.nat(20),
    way: fc.constantFrom('the same', 'other', 'escaped', 'nested', 'not JSON'),
    other: word,
  })
  .map(({ signer, part, which, way, other }) => ({
    what: `${part}, member ${which}, ${way}`,
    forge: (good) =>
      signed(good, signer, part, (json) => {
        const members = Object.entries(JSON.parse(json) as Record<string, unknown>);
        const [name = '', value] = members[which % members.length] ?? [];
        switch (way) {
          case 'the same':
            return withMember(json, `${JSON.stringify(name)}:${JSON.stringify(value)}`);
          case 'other':
            return `{${JSON.stringify(name)}:"${other}",${json.slice(1)}`;
          case 'escaped':
            return withMember(json, `"${escaped(name)}":"${other}"`);
          case 'nested':
            return withMember(json, `"${other}":{"a":1,"b":[{"c":0,"c":0}],"d":2}`);
          default:
            return `${json}${other}`;
        }
      }),
  }));

const escaped = (name: string): string =>
  [...name].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
