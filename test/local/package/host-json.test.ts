import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ROUTES } from '../../../functions/routes.ts';
import { HostError } from '../../../local/host/host-error.ts';
import { parseHostJson } from '../../../local/host/host-json.ts';
import { CALL_MILLISECONDS_MAX } from '../../../shared/upstream/patience.ts';

type Json = { readonly [name: string]: Json | string | number | boolean };
const HOST_JSON = JSON.parse(readFileSync('host.json', 'utf8'));

/** Each setting by its path. */
function settingsIn(json: Json, path = ''): [path: string, value: unknown][] {
  return Object.entries(json).flatMap(([name, value]) =>
    typeof value === 'object' ? settingsIn(value, `${path}${name}.`) : [[`${path}${name}`, value]],
  );
}
const settings = new Map(settingsIn(HOST_JSON));

describe('host.json', () => {
  it('has a row in docs/host.md for each setting, and no other', () => {
    const rows = [...readFileSync('docs/host.md', 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map(([, setting]) => setting);
    expect(rows.toSorted()).toEqual([...settings.keys()].toSorted());
  });

  it('gives a function longer than a call may last', () => {
    const [hours = 0, minutes = 0, seconds = 0] = String(settings.get('functionTimeout')).split(':').map(Number);
    const allowed = ((hours * 60 + minutes) * 60 + seconds) * 1000;
    // A call has to be broken off, and said why, before the host takes the whole process away.
    expect(allowed).toBeGreaterThanOrEqual(CALL_MILLISECONDS_MAX + 5 * 60_000);
  });

  it('has the host refuse no request by itself: it would refuse sign-outs too', () => {
    const bounds = ['maxOutstandingRequests', 'maxConcurrentRequests', 'dynamicThrottlesEnabled'];
    expect(bounds.filter((bound) => settings.has(`extensions.http.${bound}`))).toEqual([]);
  });

  it('loses no receipt of a sign-out: all that our functions say is logged, from the level of receipts on', () => {
    const levels = [...settings].filter(([path]) => path.includes('logLevel.'));
    // Only the host's own lines of the route that is called all the time are dearer than they are worth.
    expect(levels.filter(([, level]) => level !== 'Information')).toEqual([
      ['logging.OpenTelemetry.logLevel.Function.api', 'Warning'],
    ]);
    const named = ROUTES.map(({ name }) => name as string).filter((name) => name.startsWith('api'));
    expect(named).toEqual(['api']);
  });

  it('keeps browsers on https for a year, on this host alone', () => {
    expect(HOST_JSON.extensions.http.hsts).toEqual({ isEnabled: true, maxAge: '365.00:00:00' });
  });

  it('tries a message for hours, and looks for new ones within seconds', () => {
    const { queues, routePrefix } = parseHostJson(HOST_JSON);
    expect(routePrefix).toBe('');
    expect(queues.maxDequeueCount * queues.visibilityTimeoutSeconds).toBeGreaterThan(8 * 3600);
    expect(queues.maxPollingIntervalSeconds).toBeLessThanOrEqual(10);
    expect(queues.messageEncoding).toBe('base64');
  });
});

describe('the local host refuses what the Functions host does', () => {
  it.each([
    ['another version', { version: '1.0' }],
    ['a time that is none', { version: '2.0', functionTimeout: '30' }],
    ['an hour of 61 minutes', { version: '2.0', functionTimeout: '00:61:00' }],
    ['an age that is none', { version: '2.0', extensions: { http: { hsts: { maxAge: 'a year' } } } }],
    ['polling without a pause', { version: '2.0', extensions: { queues: { maxPollingInterval: '00:00:00' } } }],
    ['a batch too large', { version: '2.0', extensions: { queues: { batchSize: 33 } } }],
  ])('%s', (_, json) => {
    expect(() => parseHostJson(json)).toThrow(HostError);
  });

  it('and has its defaults', () => {
    expect(parseHostJson({ version: '2.0' })).toEqual({
      routePrefix: 'api',
      queues: {
        maxDequeueCount: 5,
        batchSize: 16,
        visibilityTimeoutSeconds: 0,
        maxPollingIntervalSeconds: 60,
        messageEncoding: 'base64',
      },
    });
  });
});
