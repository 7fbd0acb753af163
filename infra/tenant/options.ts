import { parseArgs } from 'node:util';
import { parseOrigin } from '../doctor/options.ts';

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

/** Parses the command line; a mistake comes back as one line that says what is wrong. */
export function parseOptions(args: readonly string[]): TenantOptions | 'help' | { readonly mistake: string } {
  const parsed = read(args);
  if ('mistake' in parsed) return parsed;
  const { values, positionals } = parsed;
  if (values.help) return 'help';
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0) {
    return { mistake: 'Give the one address of the application: npm run tenant -- https://app.contoso.com' };
  }
  const origin = parseOrigin(given);
  if (typeof origin !== 'string') return origin;
  return { origin, folder: values.out, operatorScope: values['operator-scope'] ?? null };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string', default: 'docs/verified' },
        'operator-scope': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    const [firstSentence] = (error as Error).message.split('. ');
    return { mistake: `${firstSentence} (npm run tenant -- --help lists the options)` };
  }
}
