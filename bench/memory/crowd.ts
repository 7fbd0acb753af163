import { createHash } from 'node:crypto';
import { cacheProperty, createAccountCodec, sessionProperty } from '../../shared/account/account.ts';
import { accountKey } from '../../shared/account/account-key.ts';
import { indexKey } from '../../shared/account/index-key.ts';
import { hashSecret, type SessionId } from '../../shared/account/session-record.ts';
import { systemAmbient } from '../../shared/ambient/system.ts';
import type { OpMetadata } from '../../shared/oidc/metadata.ts';
import { createKeyring } from '../../shared/seal/keyring.ts';
import { sealTicket } from '../../shared/session/ticket.ts';
import type { Settings } from '../../shared/settings/settings.ts';
import { makeUser } from '../stage/users.ts';

const HOUR_MILLISECONDS = 60 * 60_000;
/** In the place of the beginning of one person's token, so that all are of one length. */
const NUMBER_DIGITS = 12;

/** As many people as one likes, of whom nothing is kept: whatever is asked about one is made when it is asked. */
export interface Crowd {
  /** The `Cookie` header. */
  cookieOf(person: number): string;
  /** What the API is sent. */
  tokenOf(person: number): string;
  /** A property of a person's account as it is stored: their session, or its tokens; null for any other. */
  stored(person: number, property: string): Uint8Array | null;
  /** Whose account a partition is. */
  personOf(partitionKey: string): number;
}

export async function makeCrowd({ op, sessionKeys }: Settings, metadata: OpMetadata): Promise<Crowd> {
  const { clientId } = op;
  const keyring = createKeyring(sessionKeys, clientId, systemAmbient);
  const template = await makeUser(op, metadata, 'template', 1);
  const [oid = ''] = template.homeAccountId.split('.');
  const tokenOf = (person: number) =>
    `${String(person).padStart(NUMBER_DIGITS, '0')}${template.accessToken.slice(NUMBER_DIGITS)}`;
  const homeAccountIdOf = (person: number) => template.homeAccountId.replace(oid, oidOf(person));
  const sessionIdOf = (person: number) => digest(`session of ${person}`).slice(0, 32) as SessionId;
  const secretOf = (person: number) => digest(`secret of ${person}`);
  const keyOf = (person: number) => accountKey(homeAccountIdOf(person), clientId);
  const signedInAt = Date.now();

  return {
    tokenOf,
    personOf: (partitionKey) => Number(/(\d{12})\./.exec(partitionKey)?.[1]),
    cookieOf(person) {
      const account = keyOf(person);
      const tombstone = indexKey(clientId, metadata.issuer, { kind: 'account', value: account });
      const ticket = { account, sessionId: sessionIdOf(person), secret: secretOf(person), tombstone };
      return `__Host-session=${sealTicket(keyring, ticket)}`;
    },
    stored(person, property) {
      const id = sessionIdOf(person);
      const codec = createAccountCodec(keyring, keyOf(person));
      if (property === sessionProperty(id)) {
        const sealed = codec.sealSession(id, {
          secretHash: hashSecret(secretOf(person)),
          sid: `sid-${id}`,
          startedAt: signedInAt,
          signedInAt,
          lastUsedAt: Date.now(),
          endsAt: signedInAt + 8 * HOUR_MILLISECONDS,
          device: 'Firefox on Linux',
          homeAccountId: homeAccountIdOf(person),
          user: { name: `Person ${person}`, username: `${person}@contoso.example`, loginHint: null },
        });
        return sealed[property] as Uint8Array;
      }
      if (property !== cacheProperty(id)) return null;
      const own = template.cache.replaceAll(oid, oidOf(person)).replaceAll(template.accessToken, tokenOf(person));
      return codec.sealCache(id, own)?.[property] as Uint8Array;
    },
  };
}

const oidOf = (person: number): string => `00000000-0000-4000-8000-${String(person).padStart(NUMBER_DIGITS, '0')}`;
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
