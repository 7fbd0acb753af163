import type { StorageQueueHandler, TimerHandler } from '@azure/functions';
import type { Connections } from '../shared/connection/connections.ts';
import { DIRECTORY_QUEUE } from '../shared/directory/work.ts';
import type { ParsedSettings } from '../shared/settings/parse.ts';
import { RETRY_QUEUE } from '../shared/store/retry-queue.ts';
import { api } from './api.ts';
import { assets } from './assets.ts';
import { callback } from './callback.ts';
import { clientModule, clientTypes } from './client.ts';
import { type Composition, compose } from './compose.ts';
import type { QueueName, RouteName, TimerName } from './declared.ts';
import { directoryEvents } from './directory-events.ts';
import { directorySubscription } from './directory-subscription.ts';
import { backChannelTriggers } from './doors/back-channel.ts';
import { directoryTriggers } from './doors/directory.ts';
import { frontChannelTriggers } from './doors/front-channel.ts';
import { operatorTriggers } from './doors/operator.ts';
import { ownTriggers } from './doors/own.ts';
import { securityEventsTriggers } from './doors/security-events.ts';
import { sessionsTriggers } from './doors/sessions.ts';
import { atEdge, type EdgeHandler, type Trigger } from './edge.ts';
import { ready } from './health.ts';
import { home } from './home.ts';
import { inTime } from './in-time.ts';
import type { Queue, Route, Timer } from './route.ts';
import { session } from './session.ts';
import { signin } from './signin.ts';
import { signoutRetry } from './signout-retry.ts';
import { sweeper } from './sweep.ts';

const TRIGGERS: Readonly<Record<RouteName, Trigger>> = {
  signin,
  callback,
  session,
  api,
  ready,
  assets,
  'client-module': clientModule,
  'client-types': clientTypes,
  home,
  ...ownTriggers,
  ...sessionsTriggers,
  ...frontChannelTriggers,
  ...backChannelTriggers,
  ...operatorTriggers,
  ...directoryTriggers,
  ...securityEventsTriggers,
};

const ON_TIME: Readonly<Record<TimerName, (composition: Composition) => TimerHandler>> = {
  sweep: sweeper,
  'directory-subscription': directorySubscription,
};

const ON_MESSAGE: Readonly<Record<QueueName, (composition: Composition) => StorageQueueHandler>> = {
  [RETRY_QUEUE]: signoutRetry,
  [DIRECTORY_QUEUE]: directoryEvents,
};

/** What the functions do that a start has registered. */
export interface Handlers {
  http(route: Route<RouteName>): EdgeHandler;
  /** @throws where settings are mistaken: nobody has then registered it */
  timer(timer: Timer<TimerName>): TimerHandler;
  /** @throws where settings are mistaken: nobody has then registered it */
  queue(queue: Queue<QueueName>): StorageQueueHandler;
}

/** Puts the application together, once an instance, behind its functions. */
export function createHandlers(parsed: ParsedSettings, connections: Connections): Handlers {
  const composed = compose(parsed, connections);
  const composition = (): Composition => {
    if (!composed.ok) throw new Error('With mistaken settings neither timers nor queues are registered');
    return composed.composition;
  };
  return {
    http: ({ name, anyHost }) => atEdge(composed, TRIGGERS[name], anyHost),
    timer: ({ name }) => inTime(composition(), ON_TIME[name](composition())),
    queue: ({ name }) => ON_MESSAGE[name](composition()),
  };
}
