import { DOORS } from '../../../functions/doors/doors.ts';
import { QUEUES } from '../../../functions/routes.ts';
import { at, type Value } from '../support/bicep/values.ts';
import type { Infra } from '../support/infra.ts';
import { textAt } from '../support/planned.ts';
import type { Rule } from '../support/rule.ts';

const HOST = 'host.json';

/** A setting of host.json. */
const hostSetting = ({ sources }: Infra, path: string): Value | undefined =>
  at(JSON.parse(sources.get(HOST) ?? '{}'), path);

export const HOST_RULES: readonly Rule[] = [
  {
    name: "host.json has routes begin at the root, and takes the queue's messages from the extensions that there are for Node",
    check: (infra) => {
      const prefix = hostSetting(infra, 'extensions.http.routePrefix');
      const bundle = at(JSON.parse(infra.sources.get(HOST) ?? '{}'), 'extensionBundle');
      const isBundle =
        textAt(bundle, 'id') === 'Microsoft.Azure.Functions.ExtensionBundle' &&
        textAt(bundle, 'version') === '[4.*, 5.0.0)';
      return [
        ...(prefix === '' ? [] : [`routes begin with ${JSON.stringify(prefix)}`]),
        ...(isBundle ? [] : [JSON.stringify(bundle)]),
      ];
    },
    mutations: [
      { file: HOST, replace: '"routePrefix": ""', by: '"routePrefix": "api"' },
      { file: HOST, replace: '[4.*, 5.0.0)', by: '[2.*, 3.0.0)' },
    ],
  },
  {
    // With a wait of zero, five tries pass in seconds, and a sign-out that storage interrupted is set aside for good.
    name: 'a message that nobody could handle waits, and is tried long enough',
    check: (infra) => {
      const queues = hostSetting(infra, 'extensions.queues');
      const wait = textAt(queues, 'visibilityTimeout');
      const tries = Number(textAt(queues, 'maxDequeueCount'));
      return [
        ...(/^00:00:[1-5]\d$|^00:0[1-5]:\d\d$/.test(wait) ? [] : [`a wait of "${wait}"`]),
        ...(tries >= 100 ? [] : [`${tries} tries`]),
      ];
    },
    mutations: [
      { file: HOST, replace: '"visibilityTimeout": "00:00:30"', by: '"visibilityTimeout": "00:00:00"' },
      { file: HOST, replace: /"maxDequeueCount": \d+/, by: '"maxDequeueCount": 5' },
    ],
  },
];

/** The queues that the code listens to, by the names that they have at Azure. */
export const QUEUE_NAMES: readonly string[] = [
  ...QUEUES.map(({ name }) => name),
  ...DOORS.flatMap((door) => ('queues' in door ? door.queues.map(({ name }) => name) : [])),
];
