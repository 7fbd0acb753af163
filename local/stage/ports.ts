import { portRefusal } from '../free-port.ts';
import type { StageOptions } from './stage.ts';

const PORTS = [
  ['contosoPort', 'Contoso', '--contoso-port'],
  ['fabrikamPort', 'Fabrikam', '--fabrikam-port'],
  ['opPort', 'the OpenID provider', '--op-port'],
  ['apiPort', 'the downstream API', '--api-port'],
  ['graphPort', 'Microsoft Graph', '--graph-port'],
  ['tablesPort', 'Table Storage', '--tables-port'],
  ['queuesPort', 'Queue Storage', '--queues-port'],
] as const;

/**
 * Tries every port that was asked for before anything starts: each part would say it in words of its own, after seconds.
 *
 * @throws Error with one line: which port, for what, and the option that names another
 */
export async function requireFreePorts(options: StageOptions): Promise<void> {
  for (const [name, part, option] of PORTS) {
    const port = options[name];
    const code = port ? await portRefusal(port) : null;
    if (code === null) continue;
    const trouble = code === 'EADDRINUSE' ? 'is taken' : `cannot be opened (${code})`;
    throw new Error(`Port ${port}, for ${part}, ${trouble}: choose another with ${option}.`);
  }
}
