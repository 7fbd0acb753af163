import type { CoreInvocationContext, InvocationRequest, InvocationResponse } from './functions-core.ts';
import { HostError } from './host-error.ts';
import type { RegisteredFunction, Worker } from './worker.ts';

/** What an invocation came to: the handler's own result, and the library's conversion of it. */
export interface Invoked {
  result: unknown;
  response: InvocationResponse;
}

/**
 * Runs one invocation in the worker's order: arguments, `preInvocation` hooks, handler, `postInvocation` hooks, response.
 * Throws what the handler, a hook or the conversion of the response throws.
 *
 * @see https://github.com/Azure/azure-functions-nodejs-worker `src/eventHandlers/InvocationHandler.ts`
 */
export async function invoke(worker: Worker, fn: RegisteredFunction, request: InvocationRequest): Promise<Invoked> {
  if (!worker.programmingModel) throw new HostError('the app registered no programming model');
  const core: CoreInvocationContext = {
    invocationId: request.invocationId,
    request,
    metadata: fn.metadata,
    state: undefined,
    log: (level, category, message) => worker.log(level, category, message, context),
  };
  let context: unknown;
  const model = worker.programmingModel.getInvocationModel(core);
  const args = await model.getArguments();
  context = args.context;

  const hookContext: Record<string, unknown> = {
    hookData: {},
    appHookData: worker.appHookData,
    invocationContext: context,
    functionCallback: fn.callback,
    inputs: args.inputs,
  };
  core.state = 'preInvocationHooks';
  await worker.runHooks('preInvocation', hookContext);

  core.state = 'invocation';
  hookContext.result = null;
  hookContext.error = null;
  try {
    const callback = hookContext.functionCallback as RegisteredFunction['callback'];
    hookContext.result = await model.invokeFunction(context, hookContext.inputs as unknown[], callback);
  } catch (error) {
    hookContext.error = error ?? new Error('Unknown error');
  }

  core.state = 'postInvocationHooks';
  await worker.runHooks('postInvocation', hookContext);
  core.state = undefined;
  if (hookContext.error !== null && hookContext.error !== undefined) throw hookContext.error;
  return { result: hookContext.result, response: await model.getResponse(context, hookContext.result) };
}

/** Writes a failed invocation to stderr: the error is for the log alone, never for the caller. */
export function logFailure(functionName: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`host: function "${functionName}" failed: ${text}\n`);
}
