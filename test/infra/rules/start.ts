import type { BicepFile, Expression } from '../support/bicep/syntax.ts';
import { walk } from '../support/bicep/walk.ts';
import type { Rule } from '../support/rule.ts';

const MAIN = 'infra/main.bicep';
const VAULT = 'infra/modules/key-vault.bicep';

/** Properties that Bicep knows of a resource before it stands; `uniqueName` of those of Microsoft Graph. */
const KNOWN = ['id', 'name', 'type', 'apiVersion', 'uniqueName'];

/** What the names of one file stand for. */
interface Scope {
  readonly vars: ReadonlyMap<string, Expression>;
  readonly deployed: ReadonlySet<string>;
}

export const START_RULES: readonly Rule[] = [
  {
    // Bicep refuses what is not (BCP120, BCP177, BCP178): the plan here knows it all, and would not notice.
    name: 'what is deployed, under which name and how often, is known before anything is',
    check: ({ files }) =>
      files.flatMap((file) => {
        const scope = scopeOf(file);
        return [...decisionsOf(file)]
          .filter((one) => isLate(one, scope))
          .map(({ place }) => `${place.file}:${place.line}: not known at the start`);
      }),
    mutations: [
      { file: VAULT, replace: 'guid(vault.id, identity', by: 'guid(vault.properties.vaultUri, identity' },
      { file: MAIN, replace: "name: 'network-${token}'", by: "name: 'network-${clientId}'" },
      { file: MAIN, replace: '= if (privateNetwork) {', by: '= if (!empty(keyVault.outputs.uri)) {' },
      {
        file: MAIN,
        replace: 'for index in range(0, tablesAccountCountMoving)',
        by: 'for index in range(0, length(tokenTables[0].outputs.id))',
      },
    ],
  },
];

function scopeOf({ declarations }: BicepFile): Scope {
  const all = [...walk(declarations)];
  return {
    vars: new Map(all.flatMap((one) => (one.kind === 'var' ? [[one.name, one.value] as const] : []))),
    deployed: new Set(all.flatMap((one) => (one.kind === 'resource' || one.kind === 'module' ? [one.name] : []))),
  };
}

/** Names, conditions, and what is looped over. */
function* decisionsOf(file: BicepFile): Generator<Expression> {
  for (const part of walk(file.declarations)) {
    if (part.kind === 'for') yield part.over;
    if (part.kind === 'if') yield part.condition;
    if (part.kind === 'resource' || part.kind === 'module') yield* nameIn(part.value);
  }
}

function* nameIn(value: Expression): Generator<Expression> {
  if (value.kind === 'for' || value.kind === 'if') yield* nameIn(value.body);
  if (value.kind !== 'object') return;
  for (const entry of value.entries)
    if (entry.kind === 'entry' && entry.key.kind === 'literal' && entry.key.value === 'name') yield entry.value;
}

/** Whether it takes something that only the deployment finds out, through variables too. */
function isLate(expression: Expression, scope: Scope, seen: readonly string[] = []): boolean {
  return [...walk(expression)].some((part) => {
    if (part.kind === 'member') return scope.deployed.has(rootOf(part.of)) && !KNOWN.includes(part.name);
    if (part.kind === 'call') return part.name === 'reference' || part.name.startsWith('list');
    const meant = part.kind === 'name' && !seen.includes(part.name) ? scope.vars.get(part.name) : undefined;
    return part.kind === 'name' && meant !== undefined && isLate(meant, scope, [...seen, part.name]);
  });
}

/** The name that a member is looked for in, of a loop the loop's. */
function rootOf(expression: Expression): string {
  if (expression.kind === 'name') return expression.name;
  return expression.kind === 'index' ? rootOf(expression.of) : '';
}
