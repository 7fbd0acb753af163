import { app, type InvocationContext } from '@azure/functions';
import { isTelemetryConfigured } from '../shared/telemetry/configured.ts';
import { inInvocation } from '../shared/telemetry/invocation.ts';
import type { Sdk } from '../shared/telemetry/sdk.ts';

/**
 * Sends telemetry where the environment says; without such settings it does nothing at all. The SDK is loaded when the
 * worker starts the app, before the first invocation.
 */
export function setUpTelemetry(environment: Readonly<Record<string, string | undefined>>): void {
  if (!isTelemetryConfigured(environment)) return;
  let sdk: Sdk | undefined;
  app.hook.appStart(async () => {
    const { startSdk } = await import('../shared/telemetry/sdk.ts');
    sdk = await startSdk(environment);
  });
  app.hook.preInvocation((hook) => {
    const { invocationId, functionName, traceContext } = hook.invocationContext;
    const { traceParent, traceState } = traceContext ?? {};
    hook.functionHandler = inInvocation({ invocationId, functionName, traceParent, traceState }, hook.functionHandler);
  });
  // An instance may be frozen once it has nothing to do. Nobody waits for a timer or a message; a person waits for an answer.
  app.hook.postInvocation(async ({ invocationContext }) => {
    if (!isHttp(invocationContext)) await sdk?.flush();
  });
  app.hook.appTerminate(() => sdk?.shutdown());
}

const isHttp = ({ options }: InvocationContext): boolean => options.trigger.type === 'httpTrigger';
