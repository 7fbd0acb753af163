import { SpanKind, trace } from '@opentelemetry/api';
import type { AccountsTable, Tables } from '../store/table.ts';
import { instruments } from './instruments.ts';
import { end, tracer } from './spans.ts';

/** One call of a table that has its outcome: as the tables tell it, without a key or a property. */
interface Call {
  readonly table: keyof Tables;
  readonly operation: keyof AccountsTable;
  readonly outcome: string;
  readonly reason?: string;
  readonly milliseconds: number;
}

/** Counts a call of Table Storage and, within an invocation that is traced, draws it as a span that ends now. */
export function countTableCall({ table, operation, outcome, reason, milliseconds }: Call): void {
  const what = { 'db.collection.name': table, 'db.operation.name': operation };
  const { 'exeunt.storage.calls': calls, 'exeunt.storage.duration': duration } = instruments();
  calls(1, { ...what, 'exeunt.outcome': outcome, ...(reason !== undefined && { 'error.type': reason }) });
  duration(milliseconds / 1_000, what);

  if (!trace.getActiveSpan()?.isRecording()) return;
  const span = tracer().startSpan(`${operation} ${table}`, {
    kind: SpanKind.CLIENT,
    startTime: Date.now() - milliseconds,
    attributes: { ...what, 'db.system.name': 'azure.table' },
  });
  end(span, { attributes: { 'exeunt.outcome': outcome }, ...(reason !== undefined && { error: reason }) });
}
