import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createTelemetryReceiver,
  type ReceivedPoint,
  type TelemetryReceiver,
} from '../../../local/stage/telemetry-receiver.ts';
import { duringTests } from './ground.ts';

export interface RunningReceiver extends TelemetryReceiver {
  /** The settings that send an application's telemetry here, soon. */
  readonly settings: Readonly<Record<string, string>>;
  /** Every body so far. */
  readonly bodies: readonly string[];
  /** Resolves as soon as what has come satisfies the condition. */
  until(condition: () => boolean): Promise<void>;
  /** The value of a metric whose attributes include these; 0 where none has come. */
  value(name: string, attributes?: Readonly<Record<string, string>>): number;
  close(): Promise<void>;
}

/** An OTLP receiver during the tests of a file. */
export const localReceiver = (): RunningReceiver => duringTests(startTelemetryReceiver, ({ close }) => close());

/** Starts one on a free loopback port. */
async function startTelemetryReceiver(): Promise<RunningReceiver> {
  const receiver = createTelemetryReceiver({ spansKept: Number.POSITIVE_INFINITY });
  const server = createServer(receiver.listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bodies: string[] = [];
  const waiting: { readonly condition: () => boolean; readonly resolve: () => void }[] = [];
  receiver.onBody((body) => {
    bodies.push(body);
    for (const { condition, resolve } of waiting) if (condition()) resolve();
  });
  const matches = (point: ReceivedPoint, attributes: Readonly<Record<string, string>>): boolean =>
    Object.entries(attributes).every(([name, value]) => point.attributes[name] === value);
  return {
    ...receiver,
    settings: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      OTEL_METRIC_EXPORT_INTERVAL: '200',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
    bodies,
    until: (condition) =>
      condition() ? Promise.resolve() : new Promise((resolve) => waiting.push({ condition, resolve })),
    value: (name, attributes = {}) =>
      receiver
        .points()
        .filter((point) => point.name === name && matches(point, attributes))
        .reduce((sum, { value }) => sum + value, 0),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
