import type { Departure } from '../account/departures.ts';
import type { Application } from '../application/application.ts';
import { type FindClient, type Revocations, revokeDeparted } from '../tokens/revoke.ts';
import { SWEEP_LIMITS, type Swept, sweep } from './sweep.ts';

export type SweptWithRevocations = Swept & { readonly revocations: Revocations };

/**
 * The sweep, with the refresh tokens of what has expired revoked at the OP: nobody has ended those sessions there. A batch of
 * notes at a time, so that a run that breaks off has told of what it took away. An OP that takes none of a batch is not asked
 * again in this run: the sweep has to go on, and what has left storage is gone from it either way.
 */
export async function sweepAndRevoke(application: Application, limits = SWEEP_LIMITS): Promise<SweptWithRevocations> {
  const { settings, store, op } = application;
  const total = { revoked: 0, failed: 0 };
  if (settings.op.revocation === 'off') return { ...(await sweep(store, limits)), revocations: total };
  const departures: Departure[] = [];
  let refusing = false;
  const findClient: FindClient = async () => {
    const known = refusing ? null : await op.get();
    return known === null || 'outcome' in known ? null : known.tokens;
  };
  const revokeBatch = async (): Promise<void> => {
    const { revoked, failed } = await revokeDeparted(findClient, departures.splice(0));
    refusing ||= failed > 0 && revoked === 0;
    total.revoked += revoked;
    total.failed += failed;
  };
  const telling = { ...store, departed: (departure: Departure) => void departures.push(departure) };
  return { ...(await sweep(telling, limits, revokeBatch)), revocations: total };
}
