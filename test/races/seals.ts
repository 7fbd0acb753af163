import { createHash } from 'node:crypto';
import { createAccountCodec } from '../../shared/account/account.ts';
import type { AccountKey } from '../../shared/account/account-key.ts';
import type { SessionId } from '../../shared/account/session-record.ts';
import type { Keyring, Opened, SealPlace } from '../../shared/seal/keyring.ts';
import type { Entity } from '../../shared/store/table.ts';
import { testKeyring } from '../support/keyring.ts';
import { familyOf } from './race-op.ts';

/** What one scenario's orders seal is mostly the same; beyond this many values it is forgotten and sealed again. */
const REMEMBERED_MAX = 100_000;

/**
 * The real keyring, which seals and opens each value once: a scenario's orders differ in their order, hardly in what they
 * seal. An operation draws the same IVs in every order, so that the same value sealed is the same bytes.
 */
export class Seals {
  readonly #sealed = new Map<string, Uint8Array>();
  readonly #opened = new Map<string, Opened>();
  readonly #families = new Map<string, string | null>();
  #iv = '';
  readonly #real = testKeyring(['k1'], {
    randomBytes: (count) => createHash('shake256', { outputLength: count }).update(this.#iv).digest(),
  });

  /** The keyring of one operation in one order. */
  keyringOf(actor: string): Keyring {
    let drawn = 0;
    return {
      pseudonym: (value) => this.#real.pseudonym(value),
      sharedSecrets: (place) => this.#real.sharedSecrets(place),
      seal: (place, plaintext) => {
        drawn += 1;
        const iv = `${actor} ${drawn}`;
        return remembered(this.#sealed, `${iv} ${nameOf(place)} ${textOf(plaintext)}`, () => {
          this.#iv = iv;
          return this.#real.seal(place, plaintext);
        });
      },
      open: (place, sealed) =>
        remembered(this.#opened, `${nameOf(place)} ${textOf(sealed)}`, () => this.#real.open(place, sealed)),
    };
  }

  /** Whose tokens lie in a session's cache; null where it cannot be opened. */
  familyIn(entity: Entity, id: SessionId): string | null {
    const sealed = entity.properties[`c_${id}`];
    if (!(sealed instanceof Uint8Array)) return null;
    return remembered(this.#families, `${entity.partitionKey} ${id} ${textOf(sealed)}`, () => {
      const cache = createAccountCodec(this.#real, entity.partitionKey as AccountKey).openCache(entity, id);
      return cache.outcome === 'opened' ? familyOf(cache.value) : null;
    });
  }
}

function remembered<V>(values: Map<string, V>, key: string, make: () => V): V {
  const known = values.get(key);
  if (known !== undefined) return known;
  if (values.size >= REMEMBERED_MAX) values.clear();
  const made = make();
  values.set(key, made);
  return made;
}

const nameOf = ({ purpose, subject, location }: SealPlace): string => `${purpose} ${subject} ${location.join(' ')}`;

/** Bytes as the key of a map. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
