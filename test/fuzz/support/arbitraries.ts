import fc from 'fast-check';
import { expiryBucket } from '../../../shared/store/expiry-buckets.ts';
import type { Properties, Property } from '../../../shared/store/table.ts';
import type { TestStore } from '../../support/store.ts';

/** How often a property that works on stored rows is tried; the whole folder has to stay within seconds. */
export const RUNS = { numRuns: 80 } as const;

/** Any UTF-16 there is, lone surrogates included, with what means something to keys, URLs and JSON turning up often. */
export const anyText = (maxLength: number, minLength = 0): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...'~=/\\#?%.:;"\'+& 0Aa_-@',
          '\0',
          '\t',
          '\n',
          '\u007f',
          '\u0085',
          '\ud800',
          '\udc00',
          '\ufeff',
        ),
        fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      ),
      { minLength, maxLength },
    )
    .map((units) => units.join(''));

/** Puts the sweep's cursor where it stands in an application whose timer runs, or every run would look back over weeks. */
export async function setCursor({ tables, ambient }: TestStore): Promise<void> {
  const key = { partitionKey: 'cursor', rowKey: 'sweep' };
  await tables.expiries.create(key, { bucket: expiryBucket(ambient.now()) });
}

const inRange = {
  min: new Date('1601-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
};

/** Any value that a table can hold in a property. */
export const anyProperty: fc.Arbitrary<Property> = fc.oneof(
  fc.uint8Array({ maxLength: 120 }),
  // With the head that a sealed value of ours has.
  fc.uint8Array({ maxLength: 80 }).map((bytes) => Uint8Array.from([1, 2, 0x6b, 0x31, ...bytes])),
  fc.string({ maxLength: 40 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.boolean(),
  fc.date(inRange),
);

/** Any properties, some of which have the names that mean something here. */
export function anyProperties(...meaningful: readonly string[]): fc.Arbitrary<Properties> {
  const junk = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/).filter((name) => !RESERVED.has(name));
  const name = meaningful.length === 0 ? junk : fc.oneof(fc.constantFrom(...meaningful), junk);
  return fc.dictionary(name, anyProperty, { maxKeys: 6 });
}

const RESERVED = new Set(['PartitionKey', 'RowKey', 'Timestamp', 'partitionKey', 'rowKey', 'timestamp', 'etag']);
