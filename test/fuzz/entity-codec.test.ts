import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromSdkEntity, toSdkEntity } from '../../shared/tables/entity-codec.ts';
import { assertProperties } from '../../shared/tables/limits.ts';
import { anyProperties, anyText } from './support/arbitraries.ts';

const KEY = { partitionKey: 'alice~client-1', rowKey: 'account' };

/** What the SDK could give: names of the wire, of JavaScript, of nobody; values of every type that the service has, and none. */
const raw = fc.dictionary(
  fc.oneof(
    fc.constantFrom('etag', 'timestamp', 'odata.metadata', 'odata.etag', '__proto__', 'constructor', 'toString'),
    fc.constantFrom(`s_${'0'.repeat(32)}`, 'expiresOn', 'größe', 'a-b', '1a', ''),
    anyText(12),
  ),
  fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withTypedArray: true }),
    fc.constant({ type: 'Int64', value: '1' }),
    fc.double(),
    fc.date(),
    anyText(20),
  ),
);

describe('an entity as the service gives it', () => {
  it('comes out as what the port holds, whatever is in it, and can be written back', () => {
    fc.assert(
      fc.property(raw, (given) => {
        const { properties, ...rest } = fromSdkEntity(KEY, 'W/"1"', given);
        expect(rest).toEqual({ ...KEY, etag: 'W/"1"' });
        expect(Object.getPrototypeOf(properties)).toBe(Object.prototype);
        for (const name of Object.keys(properties)) expect(name).toMatch(/^[A-Za-z_]\w*$/);
        expect(() => assertProperties(properties)).not.toThrow();
        toSdkEntity(KEY, properties);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps what was written, under every name that it may have', () => {
    fc.assert(
      fc.property(anyProperties('expiresOn', 'constructor', 'toString', 'valueOf'), (properties) => {
        const back = fromSdkEntity(KEY, 'W/"1"', toSdkEntity(KEY, properties) as Record<string, unknown>);
        expect(Object.keys(back.properties).sort()).toEqual(Object.keys(properties).sort());
        for (const [name, value] of Object.entries(properties)) {
          const kept = back.properties[name];
          if (value instanceof Uint8Array) expect([...(kept as Uint8Array)]).toEqual([...value]);
          else expect(kept).toEqual(value);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives the SDK the bytes of a view and none around them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(64), fc.nat(64), (memory, from, length) => {
        const view = memory.subarray(from, from + length);
        const { s_1 } = toSdkEntity(KEY, { s_1: view });
        expect(s_1).toBeInstanceOf(Buffer);
        expect([...(s_1 as Buffer)]).toEqual([...view]);
      }),
    );
  });
});
