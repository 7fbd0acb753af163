import type { BicepFile, Declaration, Expression, ParameterDeclaration, Type } from '../support/bicep/syntax.ts';
import { walk } from '../support/bicep/walk.ts';
import type { Infra } from '../support/infra.ts';
import { type Rule, where } from '../support/rule.ts';

const MAIN = 'infra/main.bicep';
const TABLES = 'infra/modules/token-tables.bicep';

type Named<K extends Declaration['kind']> = Extract<Declaration, { kind: K }>;

const all = <K extends Declaration['kind']>({ files }: Infra, kind: K): readonly Named<K>[] =>
  files.flatMap(({ declarations }) => declarations.filter((one): one is Named<K> => one.kind === kind));

export const FORM_RULES: readonly Rule[] = [
  {
    name: 'every parameter and every output says what it is',
    check: (infra) =>
      [...all(infra, 'param'), ...all(infra, 'output')]
        .filter(({ decorators }) => !describes(decorators))
        .map((one) => where(one, one.name)),
    mutations: [
      { file: TABLES, replace: /^@description\('Redundancy[^\n]*\n/m, by: '' },
      { file: TABLES, replace: /^@description\('Resource id of the storage account[^\n]*\n(?=output)/m, by: '' },
    ],
  },
  {
    name: 'every file says what it is for',
    check: ({ files }) =>
      files
        .filter(
          ({ declarations }) => !declarations.some((one) => one.kind === 'metadata' && one.name === 'description'),
        )
        .map(({ file }) => file),
    mutations: [{ file: TABLES, replace: /^metadata description = .*\n/, by: '' }],
  },
  {
    name: 'a parameter whose words are compared with words takes these alone',
    check: (infra) =>
      infra.files.flatMap((file) => {
        const compared = comparedNames(file);
        return all({ ...infra, files: [file] }, 'param')
          .filter((param) => compared.has(param.name) && !isClosed(param, infra))
          .map((param) => where(param, param.name));
      }),
    mutations: [
      { file: MAIN, replace: 'param clientCredential ClientCredential', by: 'param clientCredential string' },
    ],
  },
  {
    name: 'what an SKU or a redundancy may be is said, not left to Azure to refuse',
    check: (infra) =>
      all(infra, 'param')
        .filter(({ name }) => /redundancy|sku|memory|type$|mode$|audience$/i.test(name))
        .filter((param) => param.name !== 'existingOperatorAudience' && param.name !== 'operatorAudience')
        .filter((param) => !isClosed(param, infra))
        .map((param) => where(param, param.name)),
    mutations: [{ file: TABLES, replace: /^@allowed\(\['Standard_LRS'[^\n]*\n/m, by: '' }],
  },
  {
    name: 'nothing is declared that nothing uses',
    check: ({ files }) =>
      files.flatMap((file) => {
        const used = namesUsed(file);
        return file.declarations.flatMap((one) => {
          const isPrivate = one.kind === 'param' || one.kind === 'var' || (one.kind === 'resource' && one.isExisting);
          const isExported = one.decorators.some(({ name }) => name === 'export');
          return isPrivate && !isExported && !used.has(one.name) ? [where(one, one.name)] : [];
        });
      }),
    mutations: [
      {
        file: TABLES,
        replace: /^var storageTableDataContributor/m,
        by: "var unused = 'a'\nvar storageTableDataContributor",
      },
      { file: TABLES, replace: '  tags: tags\n', by: '' },
    ],
  },
  {
    name: 'every file is part of the deployment',
    check: ({ files }) => {
      const reached = files.flatMap(({ declarations }) =>
        declarations.flatMap((one) =>
          one.kind === 'module' || one.kind === 'import' ? [one.path.split('/').at(-1)] : [],
        ),
      );
      return files.map(({ file }) => file).filter((file) => file !== MAIN && !reached.includes(file.split('/').at(-1)));
    },
    mutations: [{ file: MAIN, replace: /^module workbook [\s\S]*?^\}\n/m, by: '' }],
  },
  {
    name: 'what azd gives as a parameter is one',
    check: (infra) => {
      const { parameters } = JSON.parse(infra.sources.get('infra/main.parameters.json') ?? '{"parameters":{}}');
      const declared = infra.files.find(({ file }) => file === MAIN)?.declarations ?? [];
      const names = declared.flatMap((one) => (one.kind === 'param' ? [one] : []));
      const given = Object.keys(parameters);
      const needed = names
        .filter((one) => one.default === null && one.type.kind !== 'optional')
        .map(({ name }) => name);
      return [
        ...given.filter((name) => names.every((one) => one.name !== name)).map((name) => `there is no "${name}"`),
        ...needed.filter((name) => !given.includes(name)).map((name) => `"${name}" is not given`),
      ];
    },
    mutations: [
      { file: 'infra/main.parameters.json', replace: '"environmentName"', by: '"environment"' },
      { file: MAIN, replace: 'param httpConcurrency int = 16', by: 'param httpConcurrency int' },
    ],
  },
];

const describes = (decorators: ParameterDeclaration['decorators']): boolean =>
  decorators.some(
    ({ name, args: [text] }) => name === 'description' && text?.kind === 'literal' && String(text.value).length > 8,
  );

/** Names that stand beside a word in a comparison. */
function comparedNames(file: BicepFile): ReadonlySet<string> {
  const comparisons = [...walk(file.declarations)].filter(
    (part): part is Extract<Expression, { kind: 'binary' }> =>
      part.kind === 'binary' && /^[=!][=~]$/.test(part.operator),
  );
  return new Set(
    comparisons.flatMap(({ left, right }) =>
      left.kind === 'name' && right.kind === 'literal' && typeof right.value === 'string' && right.value !== ''
        ? [left.name]
        : [],
    ),
  );
}

/** Whether a parameter takes certain values alone. */
function isClosed({ type, decorators }: ParameterDeclaration, infra: Infra): boolean {
  return decorators.some(({ name }) => name === 'allowed') || isClosedType(type, infra);
}

function isClosedType(type: Type, infra: Infra): boolean {
  if (type.kind === 'union' || type.kind === 'literal') return true;
  if (type.kind === 'optional' || type.kind === 'list') return isClosedType(type.of, infra);
  const alias = type.kind === 'name' ? all(infra, 'type').find(({ name }) => name === type.name) : undefined;
  return alias !== undefined && isClosedType(alias.type, infra);
}

function namesUsed(file: BicepFile): ReadonlySet<string> {
  return new Set([...walk(file.declarations)].flatMap((part) => (part.kind === 'name' ? [part.name] : [])));
}
