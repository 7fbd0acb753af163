import type { Ambient } from '../ambient/ambient.ts';
import type { Keyring } from '../seal/keyring.ts';
import type { Places } from '../store/places.ts';
import type { Tables } from '../store/table.ts';
import type { Departures } from './departures.ts';
import type { ReplacedHere } from './replaced-here.ts';

/** What every operation on an account partition works with. */
export interface AccountStore {
  /** Of the one storage account; where there are several, of the one at which an operation is at work, or of none as yet. */
  readonly tables: Tables;
  /** Where there are several storage accounts: which of them has what. */
  readonly places?: Places;
  readonly keyring: Keyring;
  readonly ambient: Ambient;
  /** Sessions whose attempt set out before it count no more, milliseconds since the epoch: SESSIONS_NOT_BEFORE. Missing: all count. */
  readonly sessionsNotBefore?: number;
  /** This instance's own. */
  readonly replacedHere: ReplacedHere;
  /** Told of tokens that leave storage, where somebody revokes them. */
  readonly departed?: Departures;
}

/** How often an operation reads again after another's write came between; each loss means that another made progress. */
export const CONTENTION_TRIES_MAX = 16;
