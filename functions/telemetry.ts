import { app, type InvocationContext } from '@azure/functions';
import { UNRESOLVED, unresolvedTelemetry } from '../shared/settings/key-vault-reference.ts';
import { isTelemetryConfigured } from '../shared/telemetry/configured.ts';
import type { Sdk } from '../shared/telemetry/sdk.ts';

/** A receiver that hangs must not hold up every message of a queue. */
const FLUSH_PAUSE_MILLISECONDS = 10_000;

/**
 * Sends telemetry where the environment says; without such settings it does nothing at all. The SDK is loaded when the
 * worker starts the app, before the first invocation.
 */
export function setUpTelemetry(environment: Readonly<Record<string, string | undefined>>): void {
  if (!isTelemetryConfigured(environment)) return;
  const unresolved = unresolvedTelemetry(environment);
  if (unresolved.length > 0) {
    console.error(`telemetry: not started, ${unresolved.join(', ')}: ${UNRESOLVED}`);
    return;
  }
  let sdk: Sdk | undefined;
  app.hook.appStart(async () => {
    // Nobody stays signed in because a connection string is mistaken.
    try {
      const { startSdk } = await import('../shared/telemetry/sdk.ts');
      sdk = await startSdk(environment);
    } catch {
      console.error('telemetry: not started, its settings are mistaken; OTEL_LOG_LEVEL=ERROR says more');
    }
  });
  app.hook.preInvocation((hook) => {
    const { invocationId, functionName, traceContext } = hook.invocationContext;
    const { traceParent, traceState } = traceContext ?? {};
    if (sdk === undefined) return;
    hook.functionHandler = sdk.inInvocation(
      { invocationId, functionName, traceParent, traceState },
      hook.functionHandler,
    );
  });
  // An instance may be frozen once it has nothing to do. Nobody waits for a timer or a message; a person waits for an answer.
  let flushedAt = Number.NEGATIVE_INFINITY;
  app.hook.postInvocation(async ({ invocationContext }) => {
    if (isHttp(invocationContext) || performance.now() - flushedAt < FLUSH_PAUSE_MILLISECONDS) return;
    flushedAt = performance.now();
    await sdk?.flush();
  });
  app.hook.appTerminate(() => sdk?.shutdown());
}

const isHttp = ({ options }: InvocationContext): boolean => options.trigger.type === 'httpTrigger';
