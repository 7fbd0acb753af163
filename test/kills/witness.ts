import { TableClient } from '@azure/data-tables';
import type { User } from '../../local/op/op.ts';
import { createAccountCodec, propertiesOf, sessionIds } from '../../shared/account/account.ts';
import { type AccountKey, accountKey } from '../../shared/account/account-key.ts';
import type { SessionId, SessionRecord } from '../../shared/account/session-record.ts';
import type { Keyring } from '../../shared/seal/keyring.ts';
import type { Entity } from '../../shared/store/table.ts';
import { fromSdkEntity } from '../../shared/tables/entity-codec.ts';
import { keyringOf } from '../http/support/forge.ts';
import type { World } from '../http/support/world.ts';

/** What an acknowledged sign-out has said to be gone for good. */
export interface Promised {
  readonly by: string;
  readonly person: User;
  /** Sessions that stood when it was sent. */
  readonly ids: readonly SessionId[];
  /** All sessions of this `sid` whose attempts set out before it was sent; null where it speaks of `ids` alone. */
  readonly sid: string | null;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
}

export type Standing = SessionRecord & { readonly id: SessionId };

/** Looks at the rows themselves, past all instances, and holds against them what people were told. */
export class Witness {
  readonly violations = new Set<string>();
  /** How many entities were looked at. */
  looks = 0;
  readonly #accounts: TableClient;
  readonly #keyring: Keyring;
  readonly #keyOf: (person: User) => AccountKey;
  readonly #promises = new Map<AccountKey, Promised[]>();

  constructor({ azurite, app, op, sessionKeys }: World) {
    this.#accounts = TableClient.fromConnectionString(azurite.tablesConnectionString, 'accounts', {
      allowInsecureConnection: true,
    });
    this.#keyring = keyringOf(sessionKeys, app.clientId);
    const tenant = new URL(op.issuer).pathname.split('/')[1];
    this.#keyOf = ({ oid }) => accountKey(`${oid}.${tenant}`, app.clientId);
  }

  /** From now on, what was promised is looked for. */
  promise(promised: Promised): void {
    const key = this.#keyOf(promised.person);
    this.#promises.set(key, [...(this.#promises.get(key) ?? []), promised]);
  }

  /** Every account as it is at this moment; each is read whole at one instant, so all that is seen stood together. */
  async lookAtAll(when: string): Promise<void> {
    // What is promised while the rows are on their way may be kept a moment later.
    const promises = new Map(this.#promises);
    for await (const { partitionKey = '', rowKey = '', etag, ...rest } of this.#accounts.listEntities()) {
      const entity = fromSdkEntity({ partitionKey, rowKey }, etag, rest);
      this.#check(entity, promises.get(partitionKey as AccountKey) ?? [], when);
    }
  }

  /** @returns the person's sessions; null where there is no row */
  async lookAt(person: User, when: string): Promise<readonly Standing[] | null> {
    const partitionKey = this.#keyOf(person);
    const promises = this.#promises.get(partitionKey) ?? [];
    const rowKey = 'account';
    const read = await this.#accounts.getEntity(partitionKey, rowKey).catch((error: { statusCode?: number }) => {
      if (error.statusCode === 404) return null;
      throw error;
    });
    if (read === null) return null;
    const { etag, ...rest } = read;
    return this.#check(fromSdkEntity({ partitionKey, rowKey }, etag, rest), promises, when);
  }

  /** G2: a session has its tokens, tokens have their session; and nothing stands that was promised to be gone. */
  #check(entity: Entity, promises: readonly Promised[], when: string): Standing[] {
    this.looks += 1;
    const { properties, partitionKey } = entity;
    const say = (what: string) => void this.violations.add(`${what} (${when})`);
    const ids = sessionIds(properties);
    const owned = new Set(ids.flatMap(propertiesOf));
    const stray = Object.keys(properties).find((name) => name !== 'expiresOn' && !owned.has(name));
    if (stray !== undefined) say(`${stray.slice(0, 2)} stands without its session: G2`);
    const codec = createAccountCodec(this.#keyring, partitionKey as AccountKey);
    const standing: Standing[] = [];
    for (const id of ids) {
      const session = codec.openSession(entity, id);
      const cache = codec.openCache(entity, id);
      if (session.outcome !== 'opened') say('a session that nobody can open');
      if (cache.outcome !== 'opened' || !hasRefreshToken(cache.value)) say('a session without its refresh token: G2');
      if (session.outcome !== 'opened') continue;
      standing.push({ ...session.value, id });
      const { expiresOn } = properties;
      if (!(expiresOn instanceof Date) || expiresOn.getTime() < session.value.endsAt) {
        say('a session outlives what the sweep is told');
      }
    }
    for (const { by, ids: gone, sid, sentAt } of promises) {
      const broken = standing.some(
        (session) => gone.includes(session.id) || (sid !== null && session.sid === sid && session.startedAt < sentAt),
      );
      if (broken) say(`a session stands after ${by} was acknowledged: G1`);
    }
    return standing;
  }
}

function hasRefreshToken(cache: string): boolean {
  const { RefreshToken = {} } = JSON.parse(cache) as { RefreshToken?: Record<string, { secret?: string }> };
  return Object.values(RefreshToken).some(({ secret }) => secret !== undefined && secret !== '');
}
