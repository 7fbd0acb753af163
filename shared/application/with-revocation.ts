import { NO_REVOCATIONS, revokingDeparted, type WithRevocations } from '../tokens/revoke.ts';
import type { Application } from './application.ts';

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
  const findClient = async () => {
    const op = await application.op.get();
    return 'outcome' in op ? null : op.tokens;
  };
  return revokingDeparted(application.store, findClient, (store) => work({ ...application, store }));
}
