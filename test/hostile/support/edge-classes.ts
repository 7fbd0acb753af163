import fc from 'fast-check';
import type { Sent } from './ground.ts';
import { word } from './hostile-token.ts';
import type { AttackClass, Scene } from './siege.ts';

const NAMES = ['headers', 'Headers', 'HEADERS', 'hEaDeRs', '%68eaders', 'header%73', 'headers', 'heade%72s'];

/**
 * A query parameter that would take the place of the headers, in a link that anybody can send: refused at every route before
 * its trigger runs.
 *
 * @param good a request that would end the victim
 * @param headers what a link would bring along
 */
export function headersParameter<S extends Scene>(
  good: (scene: S) => Sent,
  headers: (scene: S) => Readonly<Record<string, string>>,
): AttackClass<S> {
  return {
    status: 400,
    atEdge: true,
    cases: fc
      .record({
        name: fc.constantFrom(...NAMES),
        more: word,
        first: fc.boolean(),
        times: fc.integer({ min: 1, max: 3 }),
      })
      .map(({ name, more, first, times }) => ({
        what: `${name}, ${times} times, ${first ? 'before' : 'after'} ${more}`,
        make(scene) {
          const sent = good(scene);
          const value = encodeURIComponent(JSON.stringify(headers(scene)));
          const ours = Array.from({ length: times }, () => `${name}=${value}`);
          const added = first ? [...ours, `${more}=1`] : [`${more}=1`, ...ours];
          const [path, query] = sent.target.split('?', 2);
          const target = `${path}?${[...added, ...(query === undefined ? [] : [query])].join('&')}`;
          return { sent: { ...sent, target }, secrets: [value, more] };
        },
      })),
  };
}
