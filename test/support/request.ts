import type { IncomingRequest } from '../../shared/http/message.ts';

export const APP_ORIGIN = 'https://app.example';

/** A request as the triggers hand it to the domain. */
export function testRequest(headers: Record<string, string> = {}, method = 'GET'): IncomingRequest {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    applicationName: 'Contoso',
    method,
    url: `${APP_ORIGIN}/auth/session`,
    headers: new Headers(headers),
    body: null,
  };
}
