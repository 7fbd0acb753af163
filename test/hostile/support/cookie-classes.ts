import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { SealPlace } from '../../../shared/seal/keyring.ts';
import { testKeyring } from '../../support/keyring.ts';
import { attackByHeaders, type BrowserScene, SESSION } from './browser.ts';
import { word } from './hostile-token.ts';
import { type AttackClass, DONE_AGAIN_CALLS_MAX } from './siege.ts';

type Spoil = (cookie: string) => string;

const PLACE: SealPlace = { purpose: 'session-cookie', subject: '', location: [SESSION] };

const bytesOf = (cookie: string): Buffer => Buffer.from(cookie, 'base64url');

/** What the good cookie holds, sealed otherwise. */
const sealedBy =
  (kid: string, application: string, changes: Partial<SealPlace>): Spoil =>
  (cookie) => {
    const opened = testKeyring().open(PLACE, bytesOf(cookie));
    if (opened.outcome !== 'opened') throw new Error(`the good cookie is ${opened.outcome}`);
    const sealed = testKeyring([kid], { randomBytes }, application).seal({ ...PLACE, ...changes }, opened.plaintext);
    return Buffer.from(sealed).toString('base64url');
  };

const forged: fc.Arbitrary<{ readonly what: string; readonly of: Spoil }> = fc.oneof(
  fc.nat(5_000).map((at) => ({
    what: `bit ${at} flipped`,
    of: (cookie: string) => {
      const bytes = bytesOf(cookie);
      const index = at % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ (1 << (at % 8));
      return bytes.toString('base64url');
    },
  })),
  fc.nat(5_000).map((at) => ({ what: `cut at ${at}`, of: (cookie: string) => cookie.slice(0, at % cookie.length) })),
  word.map((more) => ({ what: `${more} after`, of: (cookie: string) => cookie + more })),
  word.map((more) => ({ what: `${more} before`, of: (cookie: string) => more + cookie })),
  fc.uint8Array({ maxLength: 600 }).map((bytes) => ({
    what: `${bytes.length} bytes of anything`,
    of: () => Buffer.from(bytes).toString('base64url'),
  })),
  fc.integer({ min: 2_049, max: 60_000 }).map((length) => ({
    what: `${length} characters`,
    of: (cookie: string) => cookie.padEnd(length, cookie),
  })),
  fc.constantFrom<{ what: string; of: Spoil }>(
    { what: 'in quotation marks', of: (cookie) => `"${cookie}"` },
    { what: 'padded', of: (cookie) => `${cookie}=` },
    { what: 'escaped', of: (cookie) => `%${cookie.charCodeAt(0).toString(16)}${cookie.slice(1)}` },
    { what: 'a blank within', of: (cookie) => `${cookie.slice(0, 9)} ${cookie.slice(9)}` },
    { what: 'a comma after', of: (cookie) => `${cookie},` },
    { what: 'twice in one', of: (cookie) => cookie + cookie },
    { what: "under another's key", of: sealedBy('k9', 'contoso', {}) },
    { what: "another application's", of: sealedBy('k1', 'fabrikam', {}) },
    { what: 'of another purpose', of: sealedBy('k1', 'contoso', { purpose: 'signin-cookie' }) },
    { what: "another cookie's", of: sealedBy('k1', 'contoso', { location: ['__Host-other'] }) },
    { what: 'of nothing', of: () => '' },
  ),
);

const NAMES = [
  'session',
  '__host-session',
  '__HOST-SESSION',
  '\u00a0__Host-session',
  '__Host-session\u00a0',
  '__Host-session2',
];
const otherNames = fc.tuple(fc.oneof(fc.constantFrom(...NAMES, '__Secure-session', '', '$Version'), word), word);

/** @param status for whom is not signed in */
export function cookieClasses(status: number): Record<string, AttackClass<BrowserScene>> {
  const cookies = (cases: fc.Arbitrary<{ what: string; of: Spoil }>) =>
    cases.map(({ what, of }) => attackByHeaders(what, ({ cookie }) => ({ cookie: of(cookie) })));
  return {
    'a cookie that was forged, cut or made elsewhere': {
      status,
      cases: cookies(forged.map(({ what, of }) => ({ what, of: (cookie) => `${SESSION}=${of(cookie)}` }))),
    },
    'a cookie under another name': {
      status,
      cases: cookies(
        otherNames.map(([name, beside]) => ({
          what: `${name}, ${beside}`,
          of: (good) => `${beside}=1; ${name}=${good}`,
        })),
      ),
    },
    'two cookies': {
      status,
      cases: cookies(
        fc
          .record({ other: fc.option(word), first: fc.boolean(), between: fc.array(word, { maxLength: 3 }) })
          .map(({ other, first, between }) => ({
            what: `the other ${other ?? 'the same'}, ${between.length} between`,
            of: (good) => {
              const pair = [good, other ?? good].map((value) => `${SESSION}=${value}`);
              const [one, two] = first ? pair : pair.reverse();
              return [one, ...between.map((each) => `${each}=1`), two].join('; ');
            },
          })),
      ),
    },
    'a cookie whose session was signed out': {
      status,
      storageCallsMax: DONE_AGAIN_CALLS_MAX,
      cases: fc.array(word, { maxLength: 3 }).map((beside) =>
        attackByHeaders(`beside ${beside}`, ({ spentCookie }) => ({
          cookie: [...beside.map((each) => `${each}=1`), `${SESSION}=${spentCookie}`].join('; '),
        })),
      ),
    },
  };
}
