/**
 * What each cache of an instance fills after twice as many entries as it is said to hold, and after four times as many: the
 * second figure is no larger than the first where the cache is bounded. docs/memory.md has them. `node bench/memory/caches.ts`
 */
import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { createReplacedHere } from '../../shared/account/replaced-here.ts';
import { makeSessionId } from '../../shared/account/session-record.ts';
import { createKeyring } from '../../shared/seal/keyring.ts';
import { rememberOpened } from '../../shared/seal/remembered.ts';
import { createApplicationTokens } from '../../shared/tokens/application-tokens.ts';
import { createRefreshAhead } from '../../shared/tokens/refresh-ahead.ts';
import { createRefusedTokens } from '../../shared/tokens/refused-tokens.ts';
import { createTokenMemory } from '../../shared/tokens/token-memory.ts';
import { heapBytes } from './heap.ts';

const MEBIBYTE = 2 ** 20;
const HOUR_MILLISECONDS = 60 * 60_000;
/** Tokens so long that count and size are reached together. */
const TOKEN_CHARACTERS = 3_200;
const SCOPES = ['https://graph.microsoft.com/User.Read'];
/** A collection is no exact measure. */
const TOLERANCE_MEBIBYTES = 0.5;

interface CacheCase {
  readonly name: string;
  /** How many entries it is said to hold. */
  readonly entries: number;
  /** Makes one; what it returns puts one more in. */
  make(): () => unknown;
}

const newId = () => makeSessionId(randomBytes);
const now = () => performance.now();
const newToken = (characters = TOKEN_CHARACTERS) => ({
  // As long as it takes: a part of a longer text would keep all of that.
  token: randomBytes((characters * 3) / 4).toString('base64url'),
  obtainedAt: Date.now(),
  expiresAt: Date.now() + HOUR_MILLISECONDS,
});

const CACHES: readonly CacheCase[] = [
  {
    name: 'access tokens',
    entries: 20_000,
    make() {
      const memory = createTokenMemory();
      return () => memory.set(newId(), SCOPES, newToken());
    },
  },
  {
    name: 'derived keys',
    entries: 10_000,
    make() {
      const key = createSecretKey(createHash('sha256').update('k1').digest());
      const keyring = createKeyring([{ kid: 'k1', key }], 'client', { randomBytes });
      return () => {
        const id = newId();
        keyring.seal({ purpose: 'session', subject: id, location: ['accounts', id] }, Buffer.from('{}'));
      };
    },
  },
  {
    name: 'opened records',
    entries: 6_000,
    make() {
      const key = createSecretKey(createHash('sha256').update('k1').digest());
      const keyring = rememberOpened(createKeyring([{ kid: 'k1', key }], 'client', { randomBytes }));
      return () => {
        const id = newId();
        // As long as a record of everything that a session has.
        const place = {
          purpose: 'session',
          subject: 'one',
          location: ['accounts', `${id}~${id}`, 'account', `s_${id}`],
        } as const;
        keyring.open(place, keyring.seal(place, randomBytes(600)));
      };
    },
  },
  {
    name: 'refreshes beside calls',
    entries: 20_000,
    make() {
      const refreshes = createRefreshAhead(now);
      return () =>
        refreshes.begin(
          newId(),
          SCOPES,
          async () => {},
          () => {},
        );
    },
  },
  {
    name: 'refused tokens',
    entries: 20_000,
    make() {
      const refused = createRefusedTokens(now);
      return () => refused.replacedBy(newToken(100).token, 'before');
    },
  },
  {
    name: "the application's own tokens",
    entries: 100,
    make() {
      const tokens = createApplicationTokens({ now: Date.now, monotonic: now });
      const redeem = async () => ({ outcome: 'redeemed', accessToken: newToken() }) as const;
      return () => tokens.acquire(redeem, newId());
    },
  },
  {
    name: 'sessions replaced here',
    entries: 1_000,
    make() {
      const replaced = createReplacedHere();
      return () => replaced.note([newId()], Date.now());
    },
  },
];

export interface CacheFigure {
  readonly name: string;
  readonly entries: number;
  readonly afterTwiceMebibytes: number;
  readonly afterFourTimesMebibytes: number;
}

/** Fills each cache, one after the other. */
export async function measureCaches(): Promise<readonly CacheFigure[]> {
  const figures: CacheFigure[] = [];
  for (const cache of CACHES) {
    // What the first of its kind has Node make once is none of the cache's.
    await measureCache({ ...cache, entries: 100 });
    figures.push(await measureCache(cache));
  }
  return figures;
}

async function measureCache({ name, entries, make }: CacheCase): Promise<CacheFigure> {
  const before = await heapBytes();
  const putOne = make();
  const fill = async (): Promise<number> => {
    for (let count = 0; count < 2 * entries; count += 1) await putOne();
    return ((await heapBytes()) - before) / MEBIBYTE;
  };
  return { name, entries, afterTwiceMebibytes: await fill(), afterFourTimesMebibytes: await fill() };
}

export const hasGrown = ({ afterTwiceMebibytes, afterFourTimesMebibytes }: CacheFigure): boolean =>
  afterFourTimesMebibytes > afterTwiceMebibytes + TOLERANCE_MEBIBYTES;

export function printCaches(figures: readonly CacheFigure[]): void {
  console.log('cache\tentries\tafter twice as many\tafter four times as many');
  for (const figure of figures) {
    const sizes = [figure.afterTwiceMebibytes, figure.afterFourTimesMebibytes].map((size) => `${size.toFixed(1)} MiB`);
    console.log([figure.name, figure.entries, ...sizes, ...(hasGrown(figure) ? ['GROWS'] : [])].join('\t'));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const figures = await measureCaches();
  printCaches(figures);
  if (figures.some(hasGrown)) process.exitCode = 1;
}
