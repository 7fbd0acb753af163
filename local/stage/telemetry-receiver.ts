import type { IncomingMessage, RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';

const SPANS_KEPT = 200;

/** The latest value of one instrument with one set of attributes, of one process. */
export interface ReceivedPoint {
  readonly service: string;
  readonly name: string;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** A counter's sum, a histogram's count. */
  readonly value: number;
  /** A histogram's sum. */
  readonly sum?: number;
}

export interface ReceivedSpan {
  readonly service: string;
  readonly name: string;
  /** OTLP's `SpanKind`: 1 internal, 3 client. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly milliseconds: number;
}

/** A receiver of OTLP over HTTP in JSON: what a collector would be, in memory. */
export interface TelemetryReceiver {
  /** Takes what comes to `…/v1/metrics` and `…/v1/traces`. */
  readonly listener: RequestListener;
  points(): readonly ReceivedPoint[];
  /** The latest. */
  spans(): readonly ReceivedSpan[];
  /** Each body as it came, for who wants to search it. */
  onBody(told: (body: string) => void): void;
}

interface Valued {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface DataPoint {
  readonly attributes?: readonly Valued[];
  readonly asDouble?: number;
  readonly asInt?: number | string;
  readonly count?: number | string;
  readonly sum?: number;
}
interface Data {
  readonly dataPoints: readonly DataPoint[];
}
interface OtlpSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes?: readonly Valued[];
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}
interface From {
  readonly resource?: { readonly attributes?: readonly Valued[] };
}
interface OtlpBody {
  readonly resourceMetrics?: readonly (From & {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string;
        readonly unit?: string;
        readonly sum?: Data;
        readonly histogram?: Data;
      }[];
    }[];
  })[];
  readonly resourceSpans?: readonly (From & {
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  })[];
}

/** @param spansKept how many; older ones make way */
export function createTelemetryReceiver({ spansKept = SPANS_KEPT } = {}): TelemetryReceiver {
  const points = new Map<string, ReceivedPoint>();
  const spans: ReceivedSpan[] = [];
  const listeners: ((body: string) => void)[] = [];

  const take = async (request: IncomingMessage): Promise<void> => {
    const body = await text(request);
    const parsed = JSON.parse(body) as OtlpBody;
    for (const [key, point] of pointsOf(parsed)) points.set(key, point);
    spans.push(...spansOf(parsed));
    if (spans.length > spansKept) spans.splice(0, spans.length - spansKept);
    for (const told of listeners) told(body);
  };
  return {
    listener: (request, response) => {
      void take(request).then(
        () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
        () => response.writeHead(400).end(),
      );
    },
    points: () => [...points.values()],
    spans: () => spans,
    onBody: (told) => {
      listeners.push(told);
    },
  };
}

/** Sums are since the process began, so that a later point takes the place of an earlier one. */
function pointsOf({ resourceMetrics = [] }: OtlpBody): [string, ReceivedPoint][] {
  return resourceMetrics.flatMap(({ resource, scopeMetrics }) => {
    const from = attributesOf(resource?.attributes);
    return scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .flatMap(
        ({ name, unit = '', sum, histogram }) =>
          (sum ?? histogram)?.dataPoints.map((point): [string, ReceivedPoint] => {
            const attributes = attributesOf(point.attributes);
            const value = Number(point.asDouble ?? point.asInt ?? point.count ?? 0);
            const received = { service: from['service.name'] ?? '', name, unit, attributes, value };
            const key = JSON.stringify([from['service.instance.id'], name, attributes]);
            return [key, point.sum === undefined ? received : { ...received, sum: point.sum }];
          }) ?? [],
      );
  });
}

function spansOf({ resourceSpans = [] }: OtlpBody): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = attributesOf(resource?.attributes)['service.name'] ?? '';
    return scopeSpans
      .flatMap((scope) => scope.spans)
      .map(({ name, kind, traceId, spanId, parentSpanId, attributes, startTimeUnixNano, endTimeUnixNano }) => ({
        service,
        name,
        kind,
        traceId,
        spanId,
        ...(parentSpanId && { parentSpanId }),
        attributes: attributesOf(attributes),
        milliseconds: Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e6,
      }));
  });
}

const attributesOf = (attributes: readonly Valued[] = []): Record<string, string> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]));
