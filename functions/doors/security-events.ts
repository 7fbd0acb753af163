import { empty, refuse } from '../../shared/http/answers.ts';
import { type DeliveryError, deliveryFailure, isAuthorized, readSet } from '../../shared/security-events/delivery.ts';
import { receiveSet } from '../../shared/security-events/receive.ts';
import type { Trigger } from '../edge.ts';
import { logReceipt, refuseUndone } from './outcome.ts';

/**
 * `POST /events/security`: push delivery of security event tokens (RFC 8935). 202 says that what the event ends is gone, or that
 * nothing here ends by it. A sign-out that waits in the queue is not acknowledged, here as at every door (G3).
 */
const deliver: Trigger = async ({ application, transmitter, request, log, receivedAt }) => {
  const fail = (err: DeliveryError, reason: string) => {
    log({ event: 'security-event.refused', err, reason });
    return deliveryFailure(err);
  };
  if (transmitter === null) return refuse(request, 'not_found');
  // First of all: whoever does not have the header makes us read nothing and verify nothing.
  if (!isAuthorized(request, transmitter.authorization)) return fail('authentication_failed', 'authorization');
  const token = await readSet(request);
  if (token === null) return fail('invalid_request', 'body');
  const received = await receiveSet(application, transmitter, token, receivedAt);
  switch (received.outcome) {
    case 'refused':
      return fail(received.err, received.reason);
    case 'ignored':
      log({ event: 'security-event.ignored', reason: received.reason });
      return empty(202);
    case 'signed-out':
      logReceipt(log, received.receipt);
      return empty(202);
    case 'queued':
    case 'unfinished':
      return refuseUndone(request, log, 'security-events', received);
  }
};

export const securityEventsTriggers = { 'security-events': deliver };
