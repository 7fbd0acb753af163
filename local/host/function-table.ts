import type { Binding } from './functions-core.ts';
import { HostError } from './host-error.ts';
import { parseSchedule, type Schedule } from './ncrontab.ts';
import { inHostOrder, type Route, shareMethod } from './route-table.ts';
import { parseRouteTemplate } from './route-template.ts';
import type { RegisteredFunction } from './worker.ts';

export interface HttpFunction extends RegisteredFunction {
  bindingName: string;
  authLevel: string;
}

export interface TimerFunction extends RegisteredFunction {
  bindingName: string;
  schedule: Schedule;
  /** As declared, settings filled in. */
  scheduleText: string;
  runOnStartup: boolean;
}

export interface QueueFunction extends RegisteredFunction {
  bindingName: string;
  queueName: string;
  /** The name of the setting that holds the connection string. */
  connection: string;
}

export interface FunctionTable {
  /** In the order in which the host tries them. */
  routes: Route<HttpFunction>[];
  timers: TimerFunction[];
  queues: QueueFunction[];
  /** By name: what would trigger them is let go by. */
  disabled: string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const FUNCTION_NAME = /^(?!host$)[a-z][a-z0-9_-]{0,127}$/i;
const RESERVED_ROUTE = /^(?:admin|runtime)/i;

/**
 * Sorts the registered functions by trigger, leaves out the disabled, and refuses what the Functions host refuses.
 *
 * @param environment for `%SETTING%` in schedules and queue names, and for `AzureWebJobs.<name>.Disabled`
 * @throws HostError with the first thing that is wrong, naming the function
 * @see https://github.com/Azure/azure-functions-host `ScriptHost.ValidateFunction`, `Utility.FunctionNameValidationRegex`
 */
export function buildFunctionTable(
  functions: readonly RegisteredFunction[],
  routePrefix: string,
  environment: Environment,
): FunctionTable {
  const table: FunctionTable = { routes: [], timers: [], queues: [], disabled: [] };
  const names = new Set<string>();
  for (const fn of functions) {
    const { name } = fn.metadata;
    if (!FUNCTION_NAME.test(name)) throw new HostError(`"${name}" is not a valid function name`);
    if (names.has(name.toLowerCase())) throw new HostError(`two functions are named "${name}"`);
    names.add(name.toLowerCase());
    if (isDisabled(name, environment)) {
      table.disabled.push(name);
      continue;
    }
    try {
      addFunction(table, fn, routePrefix, environment);
    } catch (error) {
      throw error instanceof HostError ? new HostError(`function "${name}": ${error.message}`) : error;
    }
  }
  return { ...table, routes: inHostOrder(table.routes) };
}

function addFunction(table: FunctionTable, fn: RegisteredFunction, prefix: string, environment: Environment): void {
  const { bindingName, trigger } = findTrigger(fn);
  switch (trigger.type.toLowerCase()) {
    case 'httptrigger':
      addRoute(table.routes, { ...fn, bindingName, authLevel: String(trigger.authLevel) }, trigger, prefix);
      return;
    case 'timertrigger': {
      const scheduleText = fillSettings(String(trigger.schedule), environment);
      const schedule = parseSchedule(scheduleText);
      table.timers.push({ ...fn, bindingName, schedule, scheduleText, runOnStartup: trigger.runOnStartup === true });
      return;
    }
    case 'queuetrigger': {
      const queueName = fillSettings(String(trigger.queueName), environment);
      const connection = String(trigger.connection || 'AzureWebJobsStorage');
      table.queues.push({ ...fn, bindingName, queueName, connection });
      return;
    }
    default:
      throw new HostError(`this host does not run a ${trigger.type}`);
  }
}

/** Finds the trigger, and refuses every other binding but the HTTP answer. */
function findTrigger(fn: RegisteredFunction): { bindingName: string; trigger: Binding } {
  let found: { bindingName: string; trigger: Binding } | undefined;
  for (const [bindingName, binding] of Object.entries(fn.metadata.bindings)) {
    if (/trigger$/i.test(binding.type)) found = { bindingName, trigger: binding };
    else if (binding.type !== 'http') {
      throw new HostError(`this host does not do the ${binding.type} ${binding.direction}put binding`);
    }
  }
  if (!found) throw new HostError('it has no trigger');
  return found;
}

function addRoute(routes: Route<HttpFunction>[], fn: HttpFunction, trigger: Binding, prefix: string): void {
  const functionName = fn.metadata.name;
  // The Functions host serves a function without a route under its name, an empty string included.
  const own = typeof trigger.route === 'string' && trigger.route.trim() !== '' ? trigger.route : functionName;
  if (RESERVED_ROUTE.test(own.replace(/^\/+/, ''))) {
    throw new HostError(`the Functions host keeps routes that begin with "admin" or "runtime" for itself ("${own}")`);
  }
  const template = prefix === '' ? own : `${prefix}/${own}`;
  const methods = new Set((trigger.methods as string[]).map((method) => method.toUpperCase()));
  const route = { functionName, methods, template, segments: parseRouteTemplate(template), fn };
  const trimmed = (other: Route<HttpFunction>) => other.template.replace(/^\/+|\/+$/g, '').toLowerCase();
  const twin = routes.find((other) => trimmed(other) === trimmed(route) && shareMethod(other, route));
  if (twin) throw new HostError(`its route "${template}" is that of function "${twin.functionName}" too`);
  routes.push(route);
}

/** @see https://learn.microsoft.com/azure/azure-functions/disable-function; underscores are for shells that know no dots in names */
function isDisabled(name: string, environment: Environment): boolean {
  const setting = environment[`AzureWebJobs.${name}.Disabled`] ?? environment[`AzureWebJobs_${name}_Disabled`] ?? '';
  return /^(?:true|1)$/i.test(setting);
}

/** Fills in `%SETTING%`. */
function fillSettings(text: string, environment: Environment): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = environment[name];
    if (value === undefined) throw new HostError(`setting ${name} is not set`);
    return value;
  });
}
