import type { TokenReader } from './reader.ts';
import {
  type BinaryOperator,
  type Entry,
  type Expression,
  type Item,
  PRECEDENCE,
  type ResourceDeclaration,
} from './syntax.ts';

/** Reads a `resource` inside another's object. */
export type ReadNested = () => ResourceDeclaration;

/** Where objects and arrays may stand: not in the hole of a text, nor in a condition. */
type Allowed = 'complex' | 'simple';

/**
 * An expression, by the rules of Bicep's own parser: new lines may stand around `?` and `:` of a choice, inside parentheses
 * and behind `=>`, and nowhere else.
 *
 * @see https://github.com/Azure/bicep/blob/main/src/Bicep.Core/Parsing/BaseParser.cs
 */
export function readExpression(reader: TokenReader, allowed: Allowed = 'complex'): Expression {
  const { place } = reader;
  const condition = readBinary(reader, allowed, 0);
  reader.newlinesBefore('?');
  if (!reader.take('?')) return condition;
  const then = readExpression(reader, allowed);
  reader.newlinesBefore(':');
  reader.expect(':');
  return { kind: 'choice', condition, then, otherwise: readExpression(reader, allowed), place };
}

/** The object of a resource or a module, under `if` or once for each of a list. */
export function readBody(reader: TokenReader, nested: ReadNested | null): Expression {
  if (reader.peek().kind === 'newline' && reader.isWord('if', 1)) reader.newlines();
  if (reader.is('[')) return readFor(reader, () => readConditional(reader, nested));
  return readConditional(reader, nested);
}

function readConditional(reader: TokenReader, nested: ReadNested | null): Expression {
  const { place } = reader;
  if (!reader.takeWord('if')) return readObject(reader, nested);
  const condition = readParenthesized(reader, 'simple');
  return { kind: 'if', condition, body: readObject(reader, nested), place };
}

function readFor(reader: TokenReader, body: () => Expression): Expression {
  const { place } = reader;
  reader.expect('[');
  reader.newlines();
  reader.expectWord('for');
  const [item = '', index = null] = reader.take('(') ? reader.args(')', () => reader.name()) : [reader.name()];
  reader.expectWord('in');
  const over = readExpression(reader);
  reader.expect(':');
  const each = body();
  reader.newlines();
  reader.expect(']');
  return { kind: 'for', item, index, over, body: each, place };
}

function readBinary(reader: TokenReader, allowed: Allowed, above: number): Expression {
  let left = readUnary(reader, allowed);
  for (;;) {
    const { kind, value, place } = reader.peek();
    if (kind !== 'symbol' || !isBinary(value) || PRECEDENCE[value] <= above) return left;
    reader.read();
    left = { kind: 'binary', operator: value, left, right: readBinary(reader, allowed, PRECEDENCE[value]), place };
  }
}

const isBinary = (symbol: string): symbol is BinaryOperator => Object.hasOwn(PRECEDENCE, symbol);

function readUnary(reader: TokenReader, allowed: Allowed): Expression {
  const { place } = reader;
  for (const operator of ['!', '-', '+'] as const) {
    if (reader.take(operator)) return { kind: 'unary', operator, operand: readMembers(reader, allowed), place };
  }
  return readMembers(reader, allowed);
}

function readMembers(reader: TokenReader, allowed: Allowed): Expression {
  let of = readPrimary(reader, allowed);
  for (;;) {
    const { place } = reader;
    if (reader.take('.')) {
      const isSafe = reader.take('?');
      const name = reader.name();
      of = reader.take('(')
        ? { kind: 'call', of, name, args: reader.args(')', () => readExpression(reader, allowed)), place }
        : { kind: 'member', of, name, isSafe, place };
    } else if (reader.take('[')) {
      const isSafe = reader.take('?');
      const fromEnd = reader.take('^');
      of = { kind: 'index', of, index: readExpression(reader, allowed), isSafe, fromEnd, place };
      reader.expect(']');
    } else if (reader.take('::')) {
      of = { kind: 'nested', of, name: reader.name(), place };
    } else if (!reader.take('!')) {
      return of;
    }
  }
}

function readPrimary(reader: TokenReader, allowed: Allowed): Expression {
  const { kind, value, place } = reader.peek();
  if (kind === 'number') return { kind: 'literal', value: Number(reader.read().value), place };
  if (kind === 'text' || kind === 'left') return readText(reader);
  if (kind === 'name') return readNamed(reader, allowed);
  if (value === '(') return readParenthesizedOrLambda(reader, allowed);
  if (allowed === 'complex' && value === '{') return readObject(reader, null);
  if (allowed === 'complex' && value === '[') {
    const isFor = reader.isWord('for', reader.peek(1).kind === 'newline' ? 2 : 1);
    return isFor ? readFor(reader, () => readExpression(reader)) : readArray(reader);
  }
  return reader.fail('expected an expression');
}

const KEYWORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

function readNamed(reader: TokenReader, allowed: Allowed): Expression {
  const { place } = reader;
  const name = reader.name();
  const value = KEYWORDS[name];
  if (value !== undefined) return { kind: 'literal', value, place };
  if (reader.take('(')) {
    return { kind: 'call', of: null, name, args: reader.args(')', () => readExpression(reader, allowed)), place };
  }
  if (reader.take('=>')) return { kind: 'lambda', parameters: [name], body: readLambdaBody(reader), place };
  return { kind: 'name', name, place };
}

function readLambdaBody(reader: TokenReader): Expression {
  reader.newlines();
  return readExpression(reader);
}

function readParenthesized(reader: TokenReader, allowed: Allowed): Expression {
  reader.expect('(');
  reader.newlines();
  const inner = readExpression(reader, allowed);
  reader.newlines();
  reader.expect(')');
  return inner;
}

function readParenthesizedOrLambda(reader: TokenReader, allowed: Allowed): Expression {
  const { place } = reader;
  reader.expect('(');
  const inside = reader.args(')', () => readExpression(reader, allowed));
  if (reader.take('=>')) {
    const parameters = inside.map((item) =>
      item.kind === 'name' ? item.name : reader.fail('expected names before "=>"'),
    );
    return { kind: 'lambda', parameters, body: readLambdaBody(reader), place };
  }
  const [only] = inside;
  if (only === undefined || inside.length > 1) return reader.fail('parentheses hold one expression');
  return only;
}

/** A text, its holes included. */
export function readText(reader: TokenReader): Expression {
  const { place } = reader;
  const first = reader.read();
  if (first.kind === 'text') return { kind: 'literal', value: first.value, place };
  if (first.kind !== 'left') return reader.fail('expected a text');
  const parts: (string | Expression)[] = [first.value];
  for (;;) {
    parts.push(readExpression(reader, 'simple'));
    const piece = reader.peek();
    if (piece.kind !== 'middle' && piece.kind !== 'right') reader.fail('expected the end of the hole');
    parts.push(reader.read().value);
    if (piece.kind === 'right') return { kind: 'text', parts, place };
  }
}

function readArray(reader: TokenReader): Expression {
  const { place } = reader;
  reader.expect('[');
  const items = reader.elements(']', (): Item => {
    const isSpread = reader.take('...');
    return { isSpread, value: readExpression(reader) };
  });
  return { kind: 'array', items, place };
}

/** @param nested null where no `resource` may stand in it */
export function readObject(reader: TokenReader, nested: ReadNested | null): Expression {
  const { place } = reader;
  const resources: ResourceDeclaration[] = [];
  const entries: Entry[] = [];
  reader.expect('{');
  reader.elements('}', () => {
    const isNested = reader.is('@') || (reader.isWord('resource') && reader.peek(1).kind === 'name');
    if (nested !== null && isNested) resources.push(nested());
    else entries.push(readEntry(reader));
  });
  return { kind: 'object', entries, resources, place };
}

function readEntry(reader: TokenReader): Entry {
  const { place } = reader;
  if (reader.take('...')) return { kind: 'spread', value: readExpression(reader), place };
  const key = readKey(reader);
  reader.expect(':');
  return { kind: 'entry', key, value: readExpression(reader), place };
}

function readKey(reader: TokenReader): Expression {
  const { kind, place } = reader.peek();
  if (kind === 'name') return { kind: 'literal', value: reader.name(), place };
  if (kind === 'text' || kind === 'left') return readText(reader);
  return reader.fail('expected the name of a property');
}
