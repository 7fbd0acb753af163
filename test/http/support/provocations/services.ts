import { randomUUID } from 'node:crypto';
import type { SERVICE_PROBLEMS } from '../../../../shared/http/problems/services.ts';
import { notificationOf } from '../directory.ts';
import { operatorClaims } from '../operator.ts';
import type { RunningApp } from '../world.ts';
import { ask, MARKER, type Provocation, type Provoked } from './scene.ts';

const operate =
  (
    path: string,
    { method = 'GET', claims = {} }: { method?: string; claims?: Readonly<Record<string, unknown>> } = {},
  ): Provocation =>
  async ({ op, scripted }) => {
    const token = await op.sign({ ...operatorClaims(op), ...claims });
    return ask(scripted, `/operator/${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  };

async function notify(app: RunningApp, value: unknown): Promise<Provoked> {
  const body = JSON.stringify({ value });
  const provoked = await ask(app, '/events/graph', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  return { ...provoked, carried: [...provoked.carried, body] };
}

export const SERVICE_PROVOCATIONS: Record<keyof typeof SERVICE_PROBLEMS, Provocation> = {
  logout_request_invalid: ({ app, visitor }) =>
    ask(app, `/auth/signout-callback?iss=https://${MARKER}.example&sid=${visitor.sid}`),
  operator_token_required: ({ scripted }) =>
    ask(scripted, `/operator/users/${MARKER}`, { headers: { authorization: `Basic ${MARKER}` } }),
  operator_token_invalid: operate(`users/${MARKER}`, { claims: { aud: MARKER } }),
  operator_role_missing: operate(`users/${MARKER}`, { claims: { roles: [MARKER] } }),
  operator_path_invalid: operate(`users/${MARKER}%ff`),
  nothing_stands: operate(`users/${randomUUID()}`),
  nothing_to_end: operate(`users/${randomUUID()}/signout`, { method: 'POST' }),
  notifications_malformed: ({ app }) => notify(app, MARKER),
  notifications_not_queued: async ({ world, app, visitor, withoutStorage }) => {
    const { oid } = visitor.person;
    const notification = notificationOf(world, app, oid, { changeType: 'deleted' });
    const provoked = await notify(withoutStorage, [notification]);
    return { ...provoked, carried: [...provoked.carried, oid, String(notification.clientState)] };
  },
};
