import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Row {
  readonly model: string;
  readonly id: string;
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

/** Past this many rows, the expired ones go before a new one is written. */
const SWEEP_ABOVE_ROWS = 1_000;

export interface OpStorage {
  readonly adapter: AdapterFactory;
  /** Does work in which no grant ends as a whole. */
  sparingGrants<T>(work: () => Promise<T>): Promise<T>;
  /** Ends the refresh tokens and the OP sessions of a user, as Microsoft Graph's `revokeSignInSessions` does. */
  revokeUser(oid: string): void;
  /** A refresh token that {@link revokeUser} ended. */
  isRevoked(refreshToken: string): boolean;
}

/**
 * The provider's storage, in memory.
 *
 * @param keepUsedRefreshTokens a redeemed refresh token stays good, as Entra's do; else the library ends its whole family
 *   when it comes again (RFC 9700, 4.14.2)
 */
export function createStorage(keepUsedRefreshTokens: boolean): OpStorage {
  const rows = new Map<string, Row>();
  const revoked = new Set<string>();
  let sparing = 0;
  const where = (test: (row: Row) => boolean) => [...rows].filter(([, row]) => test(row));
  const drop = (test: (row: Row) => boolean) => {
    for (const [key] of where(test)) rows.delete(key);
  };

  const adapter = (model: string): Adapter => {
    const key = (id: string) => `${model}:${id}`;
    const firstWhere = async (test: (row: Row) => boolean) =>
      where((row) => row.model === model && test(row))[0]?.[1].payload;
    return {
      async upsert(id, payload, expiresInSeconds) {
        if (rows.size > SWEEP_ABOVE_ROWS) drop((row) => row.expiresAt < Date.now());
        const expiresAt = expiresInSeconds ? Date.now() + expiresInSeconds * 1000 : Number.POSITIVE_INFINITY;
        rows.set(key(id), { model, id, payload, expiresAt });
      },
      async find(id) {
        return rows.get(key(id))?.payload;
      },
      findByUid: (uid) => firstWhere((row) => row.payload.uid === uid),
      findByUserCode: (userCode) => firstWhere((row) => row.payload.userCode === userCode),
      async consume(id) {
        const row = rows.get(key(id));
        if (!row || (keepUsedRefreshTokens && model === 'RefreshToken')) return;
        row.payload.consumed = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        rows.delete(key(id));
      },
      async revokeByGrantId(grantId) {
        if (sparing === 0) drop((row) => row.payload.grantId === grantId);
      },
    };
  };

  return {
    adapter,
    async sparingGrants(work) {
      sparing += 1;
      try {
        return await work();
      } finally {
        sparing -= 1;
      }
    },
    revokeUser(oid) {
      for (const [, row] of where((row) => row.payload.accountId === oid && row.model === 'RefreshToken'))
        revoked.add(row.id);
      drop((row) => row.payload.accountId === oid && (row.model === 'RefreshToken' || row.model === 'Session'));
    },
    isRevoked: (refreshToken) => revoked.has(refreshToken),
  };
}
