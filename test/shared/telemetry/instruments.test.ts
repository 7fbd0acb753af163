import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createNoopMeter, type Meter, metrics } from '@opentelemetry/api';
import { countEvent } from '../../../shared/telemetry/events.ts';
import { INSTRUMENTS } from '../../../shared/telemetry/instruments.ts';
import { countTableCall } from '../../../shared/telemetry/storage.ts';

const doc = readFileSync('docs/telemetry.md', 'utf8');
const definitions = Object.entries(INSTRUMENTS);

/** What the API hands out where nothing is configured, with its makings counted. */
const made: string[] = [];
beforeAll(() => {
  const noop = createNoopMeter();
  const counted = new Proxy(noop, {
    get: (target, name: keyof Meter) => {
      if (!name.startsWith('create')) return target[name];
      return (instrument: string) => {
        made.push(instrument);
        return (target[name] as (instrument: string) => unknown)(instrument);
      };
    },
  });
  metrics.setGlobalMeterProvider({ getMeter: () => counted });
});

describe('the instruments', () => {
  it('are made once a process, at the first use, and never again', () => {
    expect(made).toEqual([]);
    for (let time = 0; time < 1_000; time += 1) {
      countEvent({ event: 'signin.started' });
      countTableCall({ table: 'accounts', operation: 'read', outcome: 'found', milliseconds: 1 });
    }
    expect(made).toEqual(definitions.map(([name]) => name));
  });

  it.each(definitions)(
    'docs/telemetry.md says of %s what the code says',
    (name, { kind, unit, attributes, description }) => {
      const named = attributes.map((attribute) => `\`${attribute}\``).join(', ');
      expect(doc).toContain(`| \`${name}\` | ${kind} | \`${unit}\` | ${named} | ${description} |`);
    },
  );

  it('stand there in the order of the code, and no other does', () => {
    expect([...doc.matchAll(/^\| `(exeunt\.[a-z_.]+)` \|/gm)].map(([, name]) => name)).toEqual(
      definitions.map(([name]) => name),
    );
  });

  it('that measure have boundaries, in seconds, that rise', () => {
    for (const [, definition] of definitions) {
      if (definition.kind !== 'histogram') continue;
      const boundaries = definition.advice.explicitBucketBoundaries;
      expect(definition.unit).toBe('s');
      expect([...boundaries].sort((a, b) => a - b)).toEqual(boundaries);
    }
  });
});
