import { expect } from '@jest/globals';
import type { APPLICATION_PROBLEMS } from '../../../../shared/http/problems/application.ts';
import { ask, call, MARKER, type Provocation, withInstance } from './scene.ts';

/**
 * No request can make this application throw, as far as anybody knows: here the system has no randomness any more, once the instance
 * has made up its own name, and says so.
 */
const NO_RANDOMNESS = `
  import { createRequire } from 'node:module';
  const crypto = createRequire('/')('node:crypto');
  const { randomBytes } = crypto;
  crypto.randomBytes = (count) => {
    crypto.randomBytes = () => { throw new RangeError(process.env.MARKER); };
    return randomBytes(count);
  };
`;
const BROKEN = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(NO_RANDOMNESS)}`, MARKER };

export const APPLICATION_PROVOCATIONS: Record<keyof typeof APPLICATION_PROBLEMS, Provocation> = {
  query_parameter_forbidden: ({ app, visitor }) => call(app, visitor.browser, `/auth/session?Headers=${MARKER}`),
  misdirected_request: ({ app }) => ask(app, '/auth/session', { headers: { host: `${MARKER}.example` } }),
  storage_unavailable: ({ withoutTables, visitor }) => call(withoutTables, visitor.browser, '/auth/session'),
  not_found: ({ app }) => ask(app, `/assets/${MARKER}`),
  settings_invalid: (scene) =>
    withInstance(scene, { AUTH_PROTOCOL: MARKER }, async (mistaken) => ({
      ...(await ask(mistaken, '/auth/session')),
      members: { mistakes: [expect.objectContaining({ setting: 'AUTH_PROTOCOL' })] },
    })),
  internal: (scene) => withInstance(scene, BROKEN, (broken) => ask(broken, '/auth/signin')),
};
