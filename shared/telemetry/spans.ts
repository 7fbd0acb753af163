import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { SCOPE } from './instruments.ts';

let made: Tracer | undefined;

/**
 * The tracer of this process, a no-op where no SDK has registered before its first use. (The API's own stand-in would not
 * hear of an SDK later either: that registers in a bundle with a copy of the API of its own.)
 */
export function tracer(): Tracer {
  made ??= trace.getTracer(SCOPE);
  return made;
}

/** What a span says of its end. `error`: a status or code, never a message, which may quote what was sent. */
export interface Ending {
  readonly attributes: Attributes;
  readonly error?: string;
}

/**
 * Does `work` in a client span of its own, within an invocation that has one: without an SDK none has, and nobody pays for it.
 *
 * @param attributes asked for where the span is recorded
 */
export function inClientSpan<T>(
  name: string,
  attributes: () => Attributes,
  work: () => Promise<T>,
  endingOf: (result: T) => Ending,
): Promise<T> {
  if (trace.getActiveSpan() === undefined) return work();
  const traced = (span: Span): Promise<T> => {
    if (span.isRecording()) span.setAttributes(attributes());
    return work();
  };
  return inSpan(name, { kind: SpanKind.CLIENT }, context.active(), traced, endingOf);
}

/** Does `work` in a span, which ends with it. What it throws marks the span by its name alone. */
export function inSpan<T>(
  name: string,
  options: SpanOptions,
  parent: Context,
  work: (span: Span) => Promise<T>,
  endingOf: (result: T) => Ending,
): Promise<T> {
  return tracer().startActiveSpan(name, options, parent, async (span) => {
    try {
      const result = await work(span);
      end(span, endingOf(result));
      return result;
    } catch (thrown) {
      end(span, { attributes: {}, error: thrown instanceof Error ? thrown.name : 'unknown' });
      throw thrown;
    }
  });
}

export function end(span: Span, { attributes, error }: Ending): void {
  span.setAttributes(attributes);
  if (error !== undefined) {
    span.setAttribute('error.type', error);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
