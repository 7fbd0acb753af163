import type { DownstreamApi } from '../../shared/settings/settings.ts';

/** An API as the settings give it that say nothing but where it is, and open all that can be read. */
export const downstreamApi = (changes: Partial<DownstreamApi> = {}): DownstreamApi => ({
  name: 'graph',
  baseUrl: 'https://api.example',
  token: 'user',
  session: 'required',
  scopes: ['User.Read'],
  allow: [{ method: 'GET', pattern: '/**' }],
  timeoutSeconds: 100,
  requestBytesMax: 100 * 1024 * 1024,
  requestHeaders: [],
  responseHeaders: [],
  redirectOrigins: [],
  stepUp: [],
  ...changes,
});
