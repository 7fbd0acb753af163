import type { Mistake } from '../../local/command-line.ts';
import { readCommandLineOf } from '../doctor/command-line.ts';

export interface TenantOptions {
  readonly origin: string;
  /** The folder for what was found. */
  readonly folder: string;
  /** The scope of an operator's token, for `az`; null: nobody looks by machine. */
  readonly operatorScope: string | null;
}

export const HELP = `npm run tenant -- https://app.contoso.com [options]

Leads you through what can only be seen at a real tenant (guests, sign-outs in other applications, revoking, disabling,
credentials), looks by itself where it can, and writes a dated page without any name into docs/verified/.

  --operator-scope SCOPE  api://<client id>/.default of the operators' registration: looks at accounts by the operator door
                          with a token of the Azure CLI (az login), or with EXEUNT_OPERATOR_TOKEN
  --out FOLDER            where the page goes (docs/verified)
  --help                  this text
`;

const OPTIONS = {
  out: { type: 'string', default: 'docs/verified' },
  'operator-scope': { type: 'string' },
} as const;

/** Parses the command line; a mistake comes back as one line that says what is wrong. */
export function parseOptions(args: readonly string[]): TenantOptions | 'help' | Mistake {
  const read = readCommandLineOf('npm run tenant', args, OPTIONS);
  if (read === 'help' || 'mistake' in read) return read;
  const { origin, values } = read;
  return { origin, folder: values.out, operatorScope: values['operator-scope'] ?? null };
}
