import { readBody, readExpression } from './expressions.ts';
import { tokensOf } from './lexer.ts';
import { TokenReader } from './reader.ts';
import type { BicepFile, Declaration, Decorator, Expression, ResourceDeclaration, Type } from './syntax.ts';
import { readType } from './types.ts';

/**
 * Reads a Bicep file, as strictly as Bicep's own parser where that goes by new lines and commas.
 *
 * @throws {BicepError} with file, line and column of the first mistake
 * @see https://learn.microsoft.com/azure/azure-resource-manager/bicep/file
 */
export function parseBicep(file: string, text: string): BicepFile {
  const reader = new TokenReader(tokensOf(file, text));
  const declarations: Declaration[] = [];
  reader.newlines();
  while (reader.peek().kind !== 'end') {
    declarations.push(readDeclaration(reader));
    reader.endOfLine();
    reader.newlines();
  }
  return { file, declarations };
}

type Read = (reader: TokenReader, start: Start) => Declaration;

interface Start {
  readonly decorators: readonly Decorator[];
  readonly place: Declaration['place'];
}

const READERS: Readonly<Record<string, Read>> = {
  targetScope: (reader, start) => {
    reader.expect('=');
    return { kind: 'targetScope', scope: reader.plainText(), ...start };
  },
  metadata: (reader, start) => ({ kind: 'metadata', name: reader.name(), value: readAssigned(reader), ...start }),
  param: (reader, start) => {
    const name = reader.name();
    const type = readTypeHere(reader);
    const value = reader.take('=') ? readExpression(reader) : null;
    return { kind: 'param', name, type, default: value, ...start };
  },
  var: (reader, start) => {
    const name = reader.name();
    if (!reader.is('=')) readTypeHere(reader);
    return { kind: 'var', name, value: readAssigned(reader), ...start };
  },
  output: (reader, start) => {
    const name = reader.name();
    return { kind: 'output', name, type: readTypeHere(reader), value: readAssigned(reader), ...start };
  },
  type: (reader, start) => {
    const name = reader.name();
    reader.expect('=');
    return { kind: 'type', name, type: readTypeHere(reader), ...start };
  },
  func: (reader, start) => {
    const name = reader.name();
    reader.expect('(');
    const parameters = reader.args(')', () => ({ name: reader.name(), type: readTypeHere(reader) }));
    readTypeHere(reader);
    reader.expect('=>');
    reader.newlines();
    return { kind: 'func', name, parameters, body: readExpression(reader), ...start };
  },
  resource: readResource,
  module: (reader, start) => {
    const name = reader.name();
    const path = reader.plainText();
    reader.expect('=');
    return { kind: 'module', name, path, value: readBody(reader, null), ...start };
  },
  extension: (reader, start) => {
    const name = reader.peek().kind === 'text' ? reader.plainText() : reader.name();
    if (reader.takeWord('with')) readExpression(reader);
    if (reader.takeWord('as')) reader.name();
    return { kind: 'extension', name, ...start };
  },
  import: (reader, start) => {
    const names = readImported(reader);
    reader.expectWord('from');
    return { kind: 'import', names, path: reader.plainText(), ...start };
  },
};

function readDeclaration(reader: TokenReader): Declaration {
  const { place } = reader;
  const decorators = readDecorators(reader);
  const { kind, value } = reader.peek();
  const read = kind === 'name' && Object.hasOwn(READERS, value) ? READERS[value] : undefined;
  if (read === undefined) return reader.fail('expected a declaration');
  reader.read();
  return read(reader, { decorators, place });
}

function readResource(reader: TokenReader, start: Start): ResourceDeclaration {
  const name = reader.name();
  const [type = '', apiVersion = null] = reader.plainText().split('@');
  const isExisting = reader.takeWord('existing');
  reader.expect('=');
  return {
    kind: 'resource',
    name,
    type,
    apiVersion,
    isExisting,
    value: readBody(reader, () => readNested(reader)),
    ...start,
  };
}

function readNested(reader: TokenReader): ResourceDeclaration {
  const { place } = reader;
  const decorators = readDecorators(reader);
  reader.expectWord('resource');
  return readResource(reader, { decorators, place });
}

function readImported(reader: TokenReader): readonly { readonly name: string; readonly as: string }[] {
  if (reader.take('*')) {
    reader.expectWord('as');
    return [{ name: '*', as: reader.name() }];
  }
  reader.expect('{');
  return reader.elements('}', () => {
    const name = reader.name();
    return { name, as: reader.takeWord('as') ? reader.name() : name };
  });
}

/** Each on lines of its own. */
function readDecorators(reader: TokenReader): readonly Decorator[] {
  const found: Decorator[] = [];
  while (reader.take('@')) {
    let name = reader.name();
    // No other namespace has any: with it the name is none of theirs.
    while (reader.take('.')) name = name === 'sys' ? reader.name() : `${name}.${reader.name()}`;
    reader.expect('(');
    found.push({ name, args: reader.args(')', () => readExpression(reader)) });
    if (reader.peek().kind !== 'newline') reader.fail('expected a new line behind the decorator');
    reader.newlines();
  }
  return found;
}

function readAssigned(reader: TokenReader): Expression {
  reader.expect('=');
  return readExpression(reader);
}

const readTypeHere = (reader: TokenReader): Type => readType(reader, () => readDecorators(reader));
