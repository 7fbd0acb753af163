import { downstreamApis } from '../downstream-apis.ts';
import { displayName } from '../identifiers.ts';
import { mapped } from '../schema.ts';
import { oneOf } from '../text-schema.ts';
import type { SettingDefinition } from './definition.ts';

/** What this application is to the people who use it, and what it does. */
export const APPLICATION_SETTINGS = {
  DOWNSTREAM_APIS: {
    meaning:
      'The APIs behind `/api/{name}`, in JSON: where each is, whose token it is sent and for which scopes, the routes a browser may call, what some of them ask for beyond a session, limits (`docs/apis.md`), and whether GET and HEAD go without `x-csrf` (`docs/browsers.md`).',
    example:
      '{"graph":{"baseUrl":"https://graph.microsoft.com/v1.0","scopes":["User.Read"],"allow":["GET /me","GET /me/**"]}}',
    required: 'no',
    default: '{}',
    schema: downstreamApis,
  },
  APPLICATION_NAME: {
    meaning: 'What the built-in page calls this application.',
    example: 'Contoso Expenses',
    required: 'no',
    default: 'Exeunt',
    schema: displayName,
  },
  HOME_PAGE: {
    meaning: 'Whether `/` serves the built-in page.',
    example: 'on',
    required: 'no',
    default: 'on',
    schema: mapped(oneOf('on', 'off'), (word) => word === 'on'),
  },
  APPLICATION_PART: {
    meaning:
      'Which part of the application this function app runs: `all` of it, all but the directory door (`web`), or that door alone (`directory`), under an identity of its own.',
    example: 'all',
    required: 'no',
    default: 'all',
    schema: oneOf('all', 'web', 'directory'),
  },
} as const satisfies Record<string, SettingDefinition>;
