/** One row (or, for a list, all rows) of a partition that a step reads or writes. The OP counts as a table of its own. */
export interface Access {
  readonly table: string;
  readonly partitionKey: string;
  /** Missing for a list. */
  readonly rowKey?: string;
  readonly writes: boolean;
}

/**
 * Moments that count for what the witness says. A sign-in that sets out: whether before or after a sign-out did. A sign-out:
 * that, and what stood. Any other operation: what stood. An answer that promises that sessions are gone: from then on none
 * may stand; that of a sign-in may say besides that a sign-out came in.
 */
export type Moment = 'sign-in sets out' | 'sign-out sets out' | 'sets out' | 'sign-in is told' | 'promise';

/** What a step has to do with, so that steps which have nothing to do with each other are tried in one order only. */
export interface Footprint {
  readonly access?: Access;
  /** Time passes: every clock shows it. */
  readonly clock?: true;
  readonly moment?: Moment;
  /** Spends the fault that an order may have. */
  readonly fault?: true;
}

/** Whether the order of two steps of different calls can matter to anything that is stored, told or checked. */
export function conflict(a: Footprint, b: Footprint): boolean {
  if (a.clock || b.clock) return true;
  if (a.fault && b.fault) return true;
  if (a.moment && b.moment) return momentsMeet(a.moment, b.moment);
  if (a.moment) return a.moment !== 'sign-in sets out' && writesAccount(b);
  if (b.moment) return b.moment !== 'sign-in sets out' && writesAccount(a);
  return a.access !== undefined && b.access !== undefined && meet(a.access, b.access);
}

function momentsMeet(a: Moment, b: Moment): boolean {
  const other = a === 'sign-out sets out' ? b : a;
  return (a === 'sign-out sets out' || b === 'sign-out sets out') && other.startsWith('sign-in');
}

function meet(a: Access, b: Access): boolean {
  if (!a.writes && !b.writes) return false;
  if (a.table !== b.table || a.partitionKey !== b.partitionKey) return false;
  return a.rowKey === undefined || b.rowKey === undefined || a.rowKey === b.rowKey;
}

function writesAccount({ access }: Footprint): boolean {
  return access?.table === 'accounts' && access.writes;
}
