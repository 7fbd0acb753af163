import { createRequire } from 'node:module';
import { expect, it } from '@jest/globals';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { parseBicep } from './support/bicep/parser.ts';
import { readSources } from './support/infra.ts';

/** A grammar that others wrote. It does not go by new lines, and it is older than `extension`: that line it is not shown. */
const GRAMMAR = createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');

await Parser.init();
const parser = new Parser().setLanguage(await Language.load(GRAMMAR));

const files = [...readSources()].filter(([file]) => file.endsWith('.bicep'));

const KINDS: Readonly<Record<string, string>> = {
  parameter_declaration: 'param',
  variable_declaration: 'var',
  output_declaration: 'output',
  resource_declaration: 'resource',
  module_declaration: 'module',
  type_declaration: 'type',
  metadata_declaration: 'metadata',
};

/** Each declaration as the grammar has it: of which kind, and called what. */
function declared(root: Node): readonly string[] {
  return root.namedChildren.flatMap((node) => {
    const kind = node === null ? undefined : KINDS[node.type];
    const name = node?.namedChildren.find((child) => child?.type === 'identifier')?.text;
    return kind === undefined ? [] : [`${kind} ${name}`];
  });
}

function read(text: string): Node {
  const tree = parser.parse(text.replace(/^extension \w+$/m, ''));
  if (tree === null) throw new Error('no language is set');
  return tree.rootNode;
}

it.each(files)(
  'the grammar of tree-sitter finds no mistake in %s, and what is declared there as we do',
  (file, text) => {
    const root = read(text);
    expect(root.hasError).toBe(false);
    const ours = parseBicep(file, text).declarations.filter(({ kind }) => Object.values(KINDS).includes(kind));
    expect(declared(root)).toEqual(ours.map((one) => `${one.kind} ${'name' in one ? one.name : ''}`));
  },
);

it('the grammar of tree-sitter does find mistakes', () => {
  expect(read("param name string = 'a").hasError).toBe(true);
});
