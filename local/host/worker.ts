import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from './functions-core.ts';

/** What the app has registered while it was imported. */
export interface RegisteredFunction {
  metadata: FunctionMetadata;
  callback: FunctionCallback;
}

const HOOK_NAMES = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const;
export type HookName = (typeof HOOK_NAMES)[number];

/** The levels below the Functions host's default, `Information`. */
const QUIET_LEVELS: ReadonlySet<LogLevel> = new Set<LogLevel>(['trace', 'debug', 'none']);

class Disposable {
  readonly #callOnDispose: () => void;
  constructor(callOnDispose: () => void) {
    this.#callOnDispose = callOnDispose;
  }
  dispose(): void {
    this.#callOnDispose();
  }
}

/**
 * The state that Azure's Node.js worker keeps for one app: functions, hooks, programming model.
 *
 * @see https://github.com/Azure/azure-functions-nodejs-worker `src/AppContext.ts`, `src/setupCoreModule.ts`
 */
export class Worker {
  readonly functions: RegisteredFunction[] = [];
  /** Shared by all hooks of the app, as `hookData` of the app-level ones. */
  readonly appHookData: Record<string, unknown> = {};
  readonly #hooks = new Map<HookName, HookCallback[]>(HOOK_NAMES.map((name) => [name, []]));
  #programmingModel: ProgrammingModel | undefined;
  #hasFinishedStartup = false;

  get programmingModel(): ProgrammingModel | undefined {
    return this.#programmingModel;
  }

  /** From here on a function can no longer be registered, as in the worker. */
  finishStartup(): void {
    this.#hasFinishedStartup = true;
  }

  /** Runs the hooks of one name in the order of their registration, each awaited. Throws what a hook throws. */
  async runHooks(name: HookName, context: Record<string, unknown>): Promise<void> {
    for (const hook of this.#hooks.get(name) ?? []) await hook(context);
  }

  /**
   * Writes one log message: what a function logs goes to stdout exactly as it is, so that JSON lines stay JSON; what the
   * library itself says goes to stderr from `warning` on.
   */
  log(level: LogLevel, category: LogCategory, message: string, invocationContext?: unknown): void {
    const entry: Record<string, unknown> = { level, category, message, invocationContext, hookData: {} };
    for (const hook of this.#hooks.get('log') ?? []) hook(entry);
    if (QUIET_LEVELS.has(entry.level as LogLevel)) return;
    if (category === 'user') process.stdout.write(`${entry.message}\n`);
    else if (entry.level !== 'information') process.stderr.write(`host: ${entry.message}\n`);
  }

  /** The module that the app's `require('@azure/functions-core')` gets. */
  readonly coreApi = {
    version: '3.12.0',
    hostVersion: '4.1045.0',
    Disposable,
    getProgrammingModel: () => this.#programmingModel,
    setProgrammingModel: (model: ProgrammingModel) => {
      this.#programmingModel = model;
    },
    log: (level: LogLevel, category: LogCategory, message: string) => this.log(level, category, message),
    registerHook: (name: string, callback: HookCallback) => this.#registerHook(name, callback),
    registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) =>
      this.#registerFunction({ metadata, callback }),
  };

  #registerHook(name: string, callback: HookCallback): Disposable {
    const hooks = this.#hooks.get(name as HookName);
    if (!hooks) throw new RangeError(`Unrecognized hook "${name}"`);
    hooks.push(callback);
    return new Disposable(() => hooks.splice(hooks.indexOf(callback), 1));
  }

  #registerFunction(registered: RegisteredFunction): Disposable {
    if (this.#hasFinishedStartup) throw new Error('A function can only be registered during app startup.');
    this.functions.push(registered);
    return new Disposable(() => this.functions.splice(this.functions.indexOf(registered), 1));
  }
}
