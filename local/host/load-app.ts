import { existsSync, readFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HostError } from './host-error.ts';
import { Worker } from './worker.ts';

const CORE_MODULE = '@azure/functions-core';

/**
 * Makes `require('@azure/functions-core')` answer with this worker's API, by the one hook that Azure's worker has: the
 * prototype's `require`. It is no more generous on purpose (an ES `import` of that module fails on Azure too).
 *
 * @see https://github.com/Azure/azure-functions-nodejs-worker `src/setupCoreModule.ts`
 */
function provideCoreModule(worker: Worker): void {
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply: (target, module, args) => (args[0] === CORE_MODULE ? worker.coreApi : Reflect.apply(target, module, args)),
  });
}

/** Reads a JSON file of the app. Throws a {@link HostError} that names the file when it is missing or not JSON. */
export function readAppJson(appRoot: string, name: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(resolve(appRoot, name), 'utf8');
  } catch {
    throw new HostError(`${name} not found: is this the root of a function app?`);
  }
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new HostError(`${name} is not JSON`);
  }
}

/**
 * Imports the app's entry point (package.json `main`) and runs its `appStart` hooks.
 *
 * @param appRoot absolute path of the folder that holds package.json and host.json
 * @throws HostError when there is no entry point; whatever the app throws while it is imported
 */
export async function loadApp(appRoot: string): Promise<Worker> {
  const { main, type } = readAppJson(appRoot, 'package.json');
  if (typeof main !== 'string') throw new HostError('package.json has no "main"');
  const entry = resolve(appRoot, main);
  if (!existsSync(entry)) throw new HostError(`${main} not found: run "npm run build" first`);

  const worker = new Worker();
  provideCoreModule(worker);
  const isModule = extname(entry) === '.mjs' || (extname(entry) === '.js' && type === 'module');
  if (isModule) await import(pathToFileURL(entry).href);
  else createRequire(entry)(entry);
  if (!worker.programmingModel) throw new HostError(`${main} registers no function`);
  await worker.runHooks('appStart', {
    hookData: {},
    appHookData: worker.appHookData,
    functionAppDirectory: appRoot,
  });
  worker.finishStartup();
  return worker;
}
