import { parseHandshake } from '../../shared/directory/handshake.ts';
import { receiveNotifications } from '../../shared/directory/receive.ts';
import { empty, plainText, refuse } from '../../shared/http/answers.ts';
import { queryOf } from '../../shared/http/message.ts';
import { readJson } from '../../shared/http/read-json.ts';
import type { Trigger } from '../edge.ts';

/** Some two thousand notifications. */
const BODY_BYTES_MAX = 1024 * 1024;

/** `POST /events/graph`: Graph's handshake, its notifications, and those about the subscription itself. */
const notifications: Trigger = async ({ application, directory, request, log, receivedAt }) => {
  if (directory === null) return refuse(request, 'not_found');
  const handshake = parseHandshake(queryOf(request));
  if (handshake.kind === 'token') return plainText(200, handshake.token);
  if (handshake.kind === 'malformed') return refuse(request, 'notifications_malformed');
  const body = await readJson(request, BODY_BYTES_MAX);
  const received = await receiveNotifications(application, directory, body, receivedAt);
  switch (received.outcome) {
    case 'malformed':
      return refuse(request, 'notifications_malformed');
    case 'unavailable':
      log({ event: 'directory.delayed', tries: 0, reason: received.reason });
      return refuse(request, 'notifications_not_queued', { headers: { 'retry-after': '5' } });
    case 'queued': {
      const { users, lifecycle, dropped, missed } = received;
      log({ event: 'directory.notified', users, lifecycle, dropped });
      if (missed) log({ event: 'directory.missed' });
      return empty(202);
    }
  }
};

export const directoryTriggers = { 'graph-notifications': notifications };
