import { dirname, join } from 'node:path/posix';
import type { Target } from './azure.ts';
import { ModuleScope } from './module-scope.ts';
import { type Planned, type Run, readFile, type Sources } from './run.ts';
import type { BicepFile } from './syntax.ts';
import type { Fields } from './values.ts';

export interface Plan {
  readonly resources: readonly Planned[];
  /** Each module is a deployment of its own, with a name. */
  readonly deployments: readonly string[];
  readonly outputs: Fields;
}

/**
 * What a deployment of a file would make, down through its modules.
 *
 * @param parameters those of the file; they have to be its own, and all that have no default
 * @param parsed what was read of these sources before
 * @throws {BicepError} where the files are not Bicep, or Azure would refuse them before it begins
 */
export function planOf(
  sources: Sources,
  file: string,
  parameters: Fields,
  target: Target,
  parsed = new Map<string, BicepFile>(),
): Plan {
  const run: Run = { target, sources, parsed, planned: [], deployments: [] };
  const outputs = deploy(run, file, parameters, `${target.location}-group`).outputs();
  return { resources: run.planned, deployments: run.deployments, outputs };
}

/** Deploys a file into a resource group: the resources in it, then its modules. */
function deploy(run: Run, file: string, parameters: Fields, resourceGroup: string): ModuleScope {
  const scope = new ModuleScope(run, readFile(run, file), parameters, resourceGroup, (module) =>
    deploy(run, join(dirname(file), module.path), module.parameters, module.resourceGroup ?? resourceGroup),
  );
  scope.deployAll();
  return scope;
}
