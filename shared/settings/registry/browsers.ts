import { origins } from '../origin.ts';
import type { SettingDefinition } from './definition.ts';

/** From where browsers may come, and by which way: docs/browsers.md. */
export const BROWSER_SETTINGS = {
  SIBLING_ORIGINS: {
    meaning:
      'Other origins of the same site, at most 16 with commas between them, whose pages may call `/api` and read the session (CORS with credentials, no wildcard). Browsers send the session from no other site.',
    example: 'https://spa.contoso.com',
    required: 'no',
    default: '',
    schema: origins,
  },
} as const satisfies Record<string, SettingDefinition>;
