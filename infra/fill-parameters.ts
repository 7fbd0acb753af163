import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const FILE = 'infra/main.parameters.json';

/**
 * The parameters file with variables in the place of its `${NAME=otherwise}`, as azd fills it in: for the Azure CLI, which does
 * not. A variable that is empty counts as not set. A number or a switch is known by what stands behind `=`.
 *
 * @param text of the file
 * @throws where one that has to be set is not, or is none of the words that it may be
 * @see https://learn.microsoft.com/azure/developer/azure-developer-cli/manage-environment-variables
 */
export function fillParameters(text: string, variables: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/"\$\{([A-Z_]+)(?:=([^}"]*))?\}"/g, (_, name: string, otherwise?: string) => {
    const value = variables[name] || otherwise;
    if (value === undefined) throw new Error(`${name} is not set`);
    const form = formOf(otherwise);
    if (form === null) return JSON.stringify(value);
    if (!form.test(value)) throw new Error(`${name} is not ${form}: ${JSON.stringify(value)}`);
    return value;
  });
}

function formOf(otherwise = ''): RegExp | null {
  if (/^(?:true|false)$/.test(otherwise)) return /^(?:true|false)$/;
  return /^-?\d+$/.test(otherwise) ? /^-?\d+$/ : null;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.stdout.write(fillParameters(readFileSync(FILE, 'utf8'), process.env));
