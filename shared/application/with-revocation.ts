import type { Departure } from '../account/departures.ts';
import { NO_REVOCATIONS, type Revocations, revokeDeparted } from '../tokens/revoke.ts';
import type { Application } from './application.ts';

export interface WithRevocations<T> {
  readonly done: T;
  readonly revocations: Revocations;
}

/**
 * Does work over an application whose store tells what tokens leave it, then has them revoked (RFC 7009), before anybody is
 * answered: a Functions app does nothing after that for sure. Best effort, in bounded time: what the work did is done
 * whatever the OP says. Which the OP is, is asked only where a token has left.
 */
export async function withRevocation<T>(
  application: Application,
  work: (application: Application) => Promise<T>,
): Promise<WithRevocations<T>> {
  if (application.settings.op.revocation === 'off')
    return { done: await work(application), revocations: NO_REVOCATIONS };
  const departures: Departure[] = [];
  const store = { ...application.store, departed: (departure: Departure) => void departures.push(departure) };
  const done = await work({ ...application, store });
  const revocations = await revokeDeparted(async () => {
    const op = await application.op.get();
    return 'outcome' in op ? null : op.tokens;
  }, departures);
  return { done, revocations };
}
