import { propagation, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { inSpan } from './spans.ts';

/** An invocation as the Functions host tells of it. */
export interface Invocation {
  readonly invocationId: string;
  readonly functionName: string;
  /** W3C Trace Context, where the host traces. */
  readonly traceParent: string | undefined;
  readonly traceState: string | undefined;
}

/** Gives back the handler so that it runs in a span of its own, under that of the Functions host. */
export function inInvocation<A extends readonly unknown[], R>(
  { invocationId, functionName, traceParent, traceState }: Invocation,
  handler: (...args: A) => R | Promise<R>,
): (...args: A) => Promise<R> {
  const carrier = { ...(traceParent && { traceparent: traceParent }), ...(traceState && { tracestate: traceState }) };
  const parent = propagation.extract(ROOT_CONTEXT, carrier);
  const options = { kind: SpanKind.INTERNAL, attributes: { 'faas.invocation_id': invocationId } };
  return (...args) =>
    inSpan(
      functionName,
      options,
      parent,
      async () => handler(...args),
      () => ({ attributes: {} }),
    );
}
