import { type AccountKey, parseAccountKey } from '../account/account-key.ts';
import type { IndexKey } from '../account/index-key.ts';
import { parseSessionId, type SessionId } from '../account/session-record.ts';
import type { Entity, Property } from '../store/table.ts';

/** A row of `expiries`: what fell due within its hour. */
export type Note =
  /** A used attempt: the row is all there is. */
  | { readonly kind: 'attempt' }
  | { readonly kind: 'tombstone'; readonly index: IndexKey }
  | SessionNote
  /** Of a kind that is known, and says nothing: it leads nowhere. */
  | { readonly kind: 'void' }
  /** Of a kind that only a later version knows. */
  | { readonly kind: 'unknown' };

export interface SessionNote {
  readonly kind: 'session';
  readonly sessionId: SessionId;
  readonly account: AccountKey;
  readonly indexes: readonly IndexKey[];
  /** The ETag of the account when an earlier run found it empty; null where none did. */
  readonly shell: string | null;
}

const INDEX_KEY = /^[0-9a-f]{64}$/;

/** Reads a note. Whatever lies in storage, what comes out names only rows that can exist. */
export function parseNote({ rowKey, properties }: Entity): Note {
  const [kind, id = ''] = rowKey.split('~');
  switch (kind) {
    case 'attempt':
      return { kind };
    case 'tombstone':
      return isIndexKey(properties.index) ? { kind, index: properties.index } : { kind: 'void' };
    case 'session': {
      const { indexes, shell } = properties;
      const [sessionId, account] = [parseSessionId(id), parseAccountKey(properties.account)];
      if (sessionId === null || account === null || typeof indexes !== 'string') return { kind: 'void' };
      return {
        kind,
        sessionId,
        account,
        indexes: indexes.split(' ').filter(isIndexKey),
        shell: typeof shell === 'string' ? shell : null,
      };
    }
    default:
      return { kind: 'unknown' };
  }
}

function isIndexKey(value: Property | undefined): value is IndexKey {
  return typeof value === 'string' && INDEX_KEY.test(value);
}
