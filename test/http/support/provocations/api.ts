import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as passed } from 'node:timers/promises';
import type { API_PROBLEMS } from '../../../../shared/http/problems/api.ts';
import { bringIn } from '../sign-in.ts';
import { ask, call, MARKER, type Provocation, startingWith, withInstance } from './scene.ts';

const HOUR_SECONDS = 3_600;
/** MSAL rounds the time at which it asked to whole seconds. */
const ONE_SECOND_TOKEN_MILLISECONDS = 1_600;

/** A process in which undici's clock, which ticks by timers of 499 ms, goes a hundred times as fast: nobody waits 100 s for an API. */
const HURRIED = startingWith(`
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (then, ms, ...more) => setTimeout(then, ms === 499 ? 5 : ms, ...more);
`);

export const API_PROVOCATIONS: Record<keyof typeof API_PROBLEMS, Provocation> = {
  cross_site: ({ app, visitor }) =>
    call(app, visitor.browser, `/api/graph/me?x=${MARKER}`, { headers: { origin: `https://${MARKER}.example` } }),
  csrf_header_missing: ({ app, visitor }) => ask(app, `/api/graph/me?x=${MARKER}`, visitor),
  api_unknown: ({ app, visitor }) => call(app, visitor.browser, `/api/${MARKER}/me`),
  api_path_invalid: ({ app, visitor }) =>
    call(app, visitor.browser, '/api', { target: `/api/odd/any/%2e%2e%2f${MARKER}` }),
  route_not_allowed: ({ app, visitor }) => call(app, visitor.browser, `/api/graph/${MARKER}`),
  consent_required: async ({ world, app }) => {
    world.op.setAccessTokenSeconds(1);
    const { browser } = await bringIn(world, world.newPerson(), app);
    world.op.setAccessTokenSeconds(HOUR_SECONDS);
    await passed(ONE_SECOND_TOKEN_MILLISECONDS);
    world.op.failNext('token', 'interaction_required', 400);
    const provoked = await call(app, browser, `/api/graph/me?x=${MARKER}`);
    return { ...provoked, members: { signInUrl: '/auth/signin?api=graph' } };
  },
  request_incomplete: async ({ world, app, visitor }) => {
    const { host, hostname } = new URL(app.origin);
    const cookie = `__Host-session=${visitor.browser.cookie(app.origin, '__Host-session')}`;
    const head = [`POST /api/odd/any/${MARKER} HTTP/1.1`, `Host: ${host}`, `Cookie: ${cookie}`, 'x-csrf: 1'];
    const arrived = world.odd.nextArrival();
    const refused = app.host.next(/"request_incomplete"/);
    const socket = connect(app.host.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`${[...head, 'Content-Length: 1000', 'Content-Type: text/plain', '', MARKER].join('\r\n')}`);
    await arrived;
    socket.destroy();
    await refused;
    return { host: app.host, answer: null, carried: [MARKER, ...visitor.browser.jar.all(hostname).values()] };
  },
  api_unreachable: ({ world, app, visitor }) => {
    world.odd.answerWith((request) => request.socket.destroy());
    return call(app, visitor.browser, `/api/odd/any/${MARKER}?x=${MARKER}`);
  },
  api_timeout: (scene) => {
    scene.world.odd.answerWith(() => undefined);
    return withInstance(scene, HURRIED, (hurried) =>
      call(hurried, scene.visitor.browser, `/api/odd/any/${MARKER}?x=${MARKER}`),
    );
  },
};
