/** One row (or, for a list, all rows) of a partition that a step reads or writes. The OP counts as a table of its own. */
export interface Access {
  readonly table: string;
  readonly partitionKey: string;
  /** Missing for a list. */
  readonly rowKey?: string;
  readonly writes: boolean;
}

/** What a step has to do with, so that steps which have nothing to do with each other are tried in one order only. */
export interface Footprint {
  readonly access?: Access;
  /** Time passes: every clock shows it. */
  readonly clock?: true;
  /** An operation sets out or is answered: what stands at that moment counts. */
  readonly observes?: true;
  /** Spends the fault that an order may have. */
  readonly fault?: true;
}

/** Whether the order of two steps of different calls can matter to anything that is stored, told or checked. */
export function conflict(a: Footprint, b: Footprint): boolean {
  if (a.clock || b.clock) return true;
  if (a.fault && b.fault) return true;
  if (a.observes && b.observes) return true;
  if (a.observes) return writesAccount(b);
  if (b.observes) return writesAccount(a);
  return a.access !== undefined && b.access !== undefined && meet(a.access, b.access);
}

function meet(a: Access, b: Access): boolean {
  if (!a.writes && !b.writes) return false;
  if (a.table !== b.table || a.partitionKey !== b.partitionKey) return false;
  return a.rowKey === undefined || b.rowKey === undefined || a.rowKey === b.rowKey;
}

function writesAccount({ access }: Footprint): boolean {
  return access?.table === 'accounts' && access.writes;
}
