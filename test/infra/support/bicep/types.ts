import { readText } from './expressions.ts';
import type { TokenReader } from './reader.ts';
import type { Decorator, Type, TypeMember } from './syntax.ts';

type ReadDecorators = () => readonly Decorator[];

const KEYWORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** A type: of a parameter, an output, or one that has a name. */
export function readType(reader: TokenReader, decorators: ReadDecorators): Type {
  const { place } = reader;
  if (startsUnion(reader)) skipBar(reader);
  const members = [readUnary(reader, decorators)];
  while (startsUnion(reader)) {
    skipBar(reader);
    members.push(readUnary(reader, decorators));
  }
  const [only] = members;
  return only !== undefined && members.length === 1 ? only : { kind: 'union', members, place };
}

const startsUnion = (reader: TokenReader): boolean =>
  reader.is('|') || (reader.peek().kind === 'newline' && reader.is('|', 1));

function skipBar(reader: TokenReader): void {
  reader.newlines();
  reader.expect('|');
}

function readUnary(reader: TokenReader, decorators: ReadDecorators): Type {
  const { place } = reader;
  const isNegative = reader.take('-');
  let type = readPrimary(reader, decorators);
  if (isNegative && type.kind === 'literal') type = { kind: 'literal', value: -Number(type.value), place };
  for (;;) {
    if (reader.take('[')) {
      reader.expect(']');
      type = { kind: 'list', of: type, place };
    } else if (reader.take('.')) {
      type = { kind: 'name', name: `${type.kind === 'name' ? type.name : ''}.${reader.name()}`, place };
    } else if (reader.take('?')) {
      type = { kind: 'optional', of: type, place };
    } else if (!reader.take('!')) {
      return type;
    }
  }
}

function readPrimary(reader: TokenReader, decorators: ReadDecorators): Type {
  const { kind, place } = reader.peek();
  if (kind === 'number') return { kind: 'literal', value: Number(reader.read().value), place };
  if (kind === 'text') return { kind: 'literal', value: reader.plainText(), place };
  if (reader.take('(')) {
    const type = readType(reader, decorators);
    reader.expect(')');
    return type;
  }
  if (reader.take('{'))
    return { kind: 'object', members: reader.elements('}', () => readMember(reader, decorators)), place };
  if (reader.take('[')) {
    const members = reader.elements(']', () => ({
      decorators: decorators(),
      name: null,
      type: readType(reader, decorators),
    }));
    return { kind: 'tuple', members, place };
  }
  return readNamed(reader, decorators);
}

function readNamed(reader: TokenReader, decorators: ReadDecorators): Type {
  const { place } = reader;
  const name = reader.name();
  const value = KEYWORDS[name];
  if (value !== undefined) return { kind: 'literal', value, place };
  // What a type is made of, as in `resourceInput<'…'>`, tells nothing here.
  if (reader.take('<')) reader.args('>', () => readType(reader, decorators));
  else if (name === 'resource') readText(reader);
  return { kind: 'name', name, place };
}

function readMember(reader: TokenReader, decorators: ReadDecorators): TypeMember {
  const given = decorators();
  const name = reader.take('*') ? '*' : reader.peek().kind === 'text' ? reader.plainText() : reader.name();
  reader.expect(':');
  return { decorators: given, name, type: readType(reader, decorators) };
}
