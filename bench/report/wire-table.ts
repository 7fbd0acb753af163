import type { Wire } from '../measure/wire.ts';
import { textTable } from './text-table.ts';

/** What one call asks of storage, counted on the wire. */
export function wireTable(wires: readonly Wire[]): string {
  const rows = wires.map((wire) => [
    wire.subject,
    String(wire.resources),
    String(wire.devices),
    String(wire.reads),
    String(wire.writes),
    wire.sentBytes.toFixed(0),
    wire.answeredBytes.toFixed(0),
    String(wire.readsOfTen),
  ]);
  return textTable([
    ['', 'resources', 'sessions', 'reads', 'writes', 'bytes sent', 'bytes answered', 'reads of 10 at once'],
    ...rows,
  ]);
}
