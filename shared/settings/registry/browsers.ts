import { origins } from '../origin.ts';
import { proxyHeader } from '../proxy-header.ts';
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
  TRUSTED_PROXY: {
    meaning:
      'The header, as `name: value`, by which the proxy in front proves itself: every request but `/health` has to bring it, and may then name its host by `X-Forwarded-Host`. Without it, `Host` alone counts.',
    example: 'X-Azure-FDID: 11111111-2222-3333-4444-555555555555',
    required: 'no',
    schema: proxyHeader,
  },
} as const satisfies Record<string, SettingDefinition>;
