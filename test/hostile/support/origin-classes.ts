import fc from 'fast-check';
import { APP_ORIGIN } from '../../support/request.ts';
import { attackByHeaders, type BrowserScene } from './browser.ts';
import { word } from './hostile-token.ts';
import type { AttackClass } from './siege.ts';

const OTHER_SITES = [
  'cross-site',
  'same-site',
  'Same-Origin',
  'same-origin, same-origin',
  'same-origin;',
  'sameorigin',
  '',
];

const OTHER_ORIGINS = [
  'null',
  '',
  '*',
  `${APP_ORIGIN}/`,
  `${APP_ORIGIN}:443`,
  `${APP_ORIGIN}:8443`,
  `${APP_ORIGIN}.evil.example`,
  `${APP_ORIGIN}, ${APP_ORIGIN}`,
  APP_ORIGIN.toUpperCase(),
  APP_ORIGIN.replace('https', 'http'),
  APP_ORIGIN.replace('https://', 'https://evil.'),
  APP_ORIGIN.replace('https://', 'https://evil@'),
  APP_ORIGIN.replace('https://', ''),
];
const otherOrigin = fc.oneof(
  fc.constantFrom(...OTHER_ORIGINS),
  word.map((host) => `https://${host}.example`),
  word.map((host) => `https://${host}.app.example`),
);

/** What a browser says of a request that another site has a part in, and what none says. Always with the good cookie. */
export const originClasses: Record<string, AttackClass<BrowserScene>> = {
  'from another site, by Sec-Fetch-Site': {
    status: 403,
    cases: fc
      .record({
        site: fc.oneof(fc.constantFrom(...OTHER_SITES), word),
        origin: fc.oneof(fc.constantFrom(null, APP_ORIGIN), otherOrigin),
        mode: fc.constantFrom('navigate', 'no-cors', 'cors'),
      })
      .map(({ site, origin, mode }) =>
        attackByHeaders(`${site}, ${origin}, ${mode}`, () => ({
          'sec-fetch-site': site,
          origin,
          'sec-fetch-mode': mode,
        })),
      ),
  },
  'from another origin': {
    status: 403,
    cases: fc
      .record({ site: fc.constantFrom(null, 'same-origin'), origin: otherOrigin, referer: fc.option(word) })
      .map(({ site, origin, referer }) =>
        attackByHeaders(`${origin}, ${site}, ${referer}`, () => ({
          'sec-fetch-site': site,
          origin,
          referer: `${APP_ORIGIN}/${referer ?? ''}`,
        })),
      ),
  },
};

/** Nothing says that a page of ours has sent it; what might be taken for that is of no use. */
export const unsaid = (csrf: fc.Arbitrary<string | null>): AttackClass<BrowserScene> => ({
  status: 403,
  cases: fc
    .record({ csrf, site: fc.constantFrom(null, 'none'), referer: fc.option(word), requested: fc.boolean() })
    .map(({ csrf: value, site, referer, requested }) =>
      attackByHeaders(`x-csrf ${value}, site ${site}, referer ${referer}`, () => ({
        origin: null,
        'sec-fetch-site': site,
        'x-csrf': value,
        referer: `${APP_ORIGIN}/${referer ?? ''}`,
        ...(requested && { 'x-requested-with': 'XMLHttpRequest', 'x-forwarded-host': 'app.example' }),
      })),
    ),
});
