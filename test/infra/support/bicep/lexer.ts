import { BicepError, type Place } from './syntax.ts';

/**
 * A piece of the text. A text with holes comes in pieces, as in `'a${x}b${y}c'`: `left` a, x, `middle` b, y, `right` c.
 */
export interface Token {
  readonly kind: 'name' | 'number' | 'symbol' | 'text' | 'left' | 'middle' | 'right' | 'newline' | 'end';
  /** Of a text what it stands for; else as it is written. */
  readonly value: string;
  readonly place: Place;
}

const SYMBOLS = [
  ...['...', '&&', '||', '??', '==', '!=', '=~', '!~', '<=', '>=', '=>', '::'],
  ...['{', '}', '[', ']', '(', ')', '.', ',', ':', '?', '!', '=', '<', '>', '+', '-', '*', '/', '%', '@', '|', '^'],
];
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', "'": "'", '\\': '\\', $: '$' };

/**
 * The tokens of a Bicep file. New lines are tokens, since Bicep's syntax goes by them; a run of them is one.
 *
 * @throws {BicepError} at the first character that begins nothing
 * @see https://github.com/Azure/bicep/blob/main/src/Bicep.Core/Parsing/Lexer.cs
 */
export function tokensOf(file: string, text: string): readonly Token[] {
  return new Lexer(file, text).tokens();
}

class Lexer {
  readonly #file: string;
  readonly #text: string;
  readonly #found: Token[] = [];
  /** For each text with holes that stands open: how many braces are open in its hole. */
  readonly #holes: number[] = [];
  readonly #lineStarts: readonly number[];
  #at = 0;
  #line = 0;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text.replaceAll('\r\n', '\n');
    this.#lineStarts = [0, ...[...this.#text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  tokens(): readonly Token[] {
    while (this.#at < this.#text.length) {
      const token = this.#next();
      const isRepeated = token?.kind === 'newline' && [undefined, 'newline'].includes(this.#found.at(-1)?.kind);
      if (token !== null && !isRepeated) this.#found.push(token);
    }
    if (this.#holes.length > 0) this.#fail('a text is not closed');
    this.#found.push(this.#token('end', '', this.#at));
    return this.#found;
  }

  /** The token that begins here; null where none does. */
  #next(): Token | null {
    const start = this.#at;
    if (this.#match(/[ \t]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#(?:disable|restore)-[^\n]*/y) !== null) return null;
    if (this.#match(/\n/y) !== null) return this.#newline(start);
    const name = this.#match(/[A-Za-z_][A-Za-z0-9_]*/y);
    if (name !== null) return this.#token('name', name, start);
    const number = this.#match(/[0-9]+/y);
    if (number !== null) return this.#token('number', number, start);
    const multiline = this.#match(/'''\n?([\s\S]*?)'''(?!')/y);
    if (multiline !== null) return this.#token('text', multiline.replace(/^'''\n?|'''$/g, ''), start);
    if (this.#match(/'/y) !== null) return this.#piece('text', 'left', start);
    return this.#symbol(start);
  }

  #newline(start: number): Token {
    if (this.#holes.length > 0) this.#fail('a hole in a text ends on its line');
    return this.#token('newline', '\n', start);
  }

  #symbol(start: number): Token {
    const symbol = SYMBOLS.find((candidate) => this.#text.startsWith(candidate, start));
    if (symbol === undefined) this.#fail(`${JSON.stringify(this.#text[start])} begins nothing`);
    this.#at += symbol.length;
    const braces = this.#holes.at(-1);
    if (braces !== undefined && symbol === '}' && braces === 0) {
      this.#holes.pop();
      return this.#piece('right', 'middle', start);
    }
    if (braces !== undefined && symbol === '{') this.#holes[this.#holes.length - 1] = braces + 1;
    if (braces !== undefined && symbol === '}') this.#holes[this.#holes.length - 1] = braces - 1;
    return this.#token('symbol', symbol, start);
  }

  /** Reads on in a text, until it ends or has a hole. */
  #piece(atEnd: 'text' | 'right', atHole: 'left' | 'middle', start: number): Token {
    let value = '';
    for (;;) {
      value += this.#match(/(?:[^'\\\n$]|\$(?!\{))+/y) ?? '';
      if (this.#match(/'/y) !== null) return this.#token(atEnd, value, start);
      if (this.#match(/\$\{/y) !== null) {
        this.#holes.push(0);
        return this.#token(atHole, value, start);
      }
      value += this.#escaped();
    }
  }

  #escaped(): string {
    const unicode = this.#match(/\\u\{[0-9A-Fa-f]{1,6}\}/y);
    if (unicode !== null) return String.fromCodePoint(Number.parseInt(unicode.slice(3, -1), 16));
    const escaped = this.#match(/\\[nrt'\\$]/y);
    if (escaped === null) this.#fail(this.#text[this.#at] === '\\' ? 'no such escape' : 'a text is not closed');
    return ESCAPES[escaped.charAt(1)] ?? '';
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found === undefined) return null;
    this.#at += found.length;
    return found;
  }

  #token(kind: Token['kind'], value: string, start: number): Token {
    return { kind, value, place: this.#place(start) };
  }

  #place(at: number): Place {
    // Tokens come in order: the line is never one before.
    while ((this.#lineStarts[this.#line + 1] ?? Number.POSITIVE_INFINITY) <= at) this.#line += 1;
    return { file: this.#file, line: this.#line + 1, column: at - (this.#lineStarts[this.#line] ?? 0) + 1 };
  }

  #fail(problem: string): never {
    throw new BicepError(this.#place(this.#at), problem);
  }
}
