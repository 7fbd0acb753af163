import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as passed } from 'node:timers/promises';
import type { API_PROBLEMS } from '../../../../shared/http/problems/api.ts';
import { bringIn } from '../sign-in.ts';
import { ask, call, MARKER, type Provocation, REQUEST_BYTES_MAX } from './scene.ts';

const HOUR_SECONDS = 3_600;
/** MSAL rounds the time at which it asked to whole seconds. */
const ONE_SECOND_TOKEN_MILLISECONDS = 1_600;

export const API_PROVOCATIONS: Record<keyof typeof API_PROBLEMS, Provocation> = {
  cross_site: ({ app, visitor }) =>
    call(app, visitor.browser, `/api/graph/me?x=${MARKER}`, { headers: { origin: `https://${MARKER}.example` } }),
  csrf_header_missing: ({ app, visitor }) => ask(app, `/api/graph/me?x=${MARKER}`, visitor),
  api_navigated: ({ app, visitor }) =>
    ask(app, `/api/graph/me?x=${MARKER}`, { ...visitor, headers: { 'sec-fetch-mode': 'navigate' } }),
  origin_not_allowed: ({ app, visitor }) =>
    ask(app, `/api/graph/me?x=${MARKER}`, {
      ...visitor,
      method: 'OPTIONS',
      headers: { origin: `https://${MARKER}.example`, 'access-control-request-method': 'GET' },
    }),
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
  step_up_required: async ({ app, visitor }) => ({
    ...(await call(app, visitor.browser, `/api/odd/any/step-up?x=${MARKER}`)),
    members: { signInUrl: '/auth/signin?api=odd&acrs=c1&maxAge=300' },
  }),
  claims_required: async ({ world, app }) => {
    const { browser } = await bringIn(world, world.newPerson(), app);
    const claims = JSON.stringify({ access_token: { acrs: { value: 'c1' } } });
    const challenge = `Bearer realm="${MARKER}", error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`;
    world.odd.answerWith((_request, response) =>
      response.writeHead(401, { 'www-authenticate': challenge }).end(MARKER),
    );
    const provoked = await call(app, browser, `/api/odd/any/x?x=${MARKER}`);
    return { ...provoked, members: { signInUrl: `/auth/signin?${new URLSearchParams({ api: 'odd', claims })}` } };
  },
  call_not_repeated: async ({ world, app }) => {
    const { browser } = await bringIn(world, world.newPerson(), app);
    world.odd.answerWith((_request, response) =>
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${MARKER}"` }).end(MARKER),
    );
    const body = 'x'.repeat(100_000);
    return call(app, browser, '/api/long/items', { method: 'POST', headers: { 'content-type': 'text/plain' }, body });
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
  request_too_large: ({ app, visitor }) =>
    call(app, visitor.browser, `/api/odd/any/${MARKER}`, { method: 'POST', body: 'x'.repeat(REQUEST_BYTES_MAX + 1) }),
  api_unreachable: ({ world, app, visitor }) => {
    world.odd.answerWith((request) => request.socket.destroy());
    return call(app, visitor.browser, `/api/odd/any/${MARKER}?x=${MARKER}`);
  },
  api_answer_refused: ({ world, app, visitor }) => {
    world.odd.answerWith((_request, response) =>
      response.writeHead(302, { location: `https://${MARKER}.example/` }).end(MARKER),
    );
    return call(app, visitor.browser, `/api/odd/any/${MARKER}`);
  },
  api_timeout: ({ world, app, visitor }) => {
    world.odd.answerWith(() => undefined);
    return call(app, visitor.browser, `/api/odd/any/${MARKER}?x=${MARKER}`);
  },
};
