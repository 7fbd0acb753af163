import { randomUUID } from 'node:crypto';
import type { SESSION_PROBLEMS } from '../../../../shared/http/problems/session.ts';
import { ask, call, MARKER, type Provocation } from './scene.ts';

/** The OP tells of a sign-out of somebody whom nobody knows: nobody's session ends by it. */
const frontChannel = () => `/auth/signout-callback?sid=${randomUUID()}`;

export const SESSION_PROVOCATIONS: Record<keyof typeof SESSION_PROBLEMS, Provocation> = {
  session_required: async ({ app }) => ({
    ...(await ask(app, '/auth/session', { headers: { cookie: `__Host-session=${MARKER}` } })),
    members: { signInUrl: '/auth/signin' },
  }),
  session_unknown: ({ app, visitor }) => call(app, visitor.browser, `/auth/sessions/${MARKER}`, { method: 'DELETE' }),
  signout_scope_invalid: ({ app, visitor }) =>
    call(app, visitor.browser, `/auth/signout?scope=${MARKER}`, { method: 'POST', headers: { origin: app.origin } }),
  signout_queued: ({ withoutTables }) => ask(withoutTables, frontChannel()),
  signout_unfinished: ({ withoutStorage }) => ask(withoutStorage, frontChannel()),
};
