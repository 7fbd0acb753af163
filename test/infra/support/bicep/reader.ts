import type { Token } from './lexer.ts';
import { BicepError, type Place } from './syntax.ts';

/** Goes through tokens, one after the other. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The token so many further on; the last one where there are no more. */
  peek(ahead = 0): Token {
    const token = this.#tokens[this.#at + ahead] ?? this.#tokens.at(-1);
    if (token === undefined) throw new Error('a file has at least its end');
    return token;
  }

  get place(): Place {
    return this.peek().place;
  }

  is(symbol: string, ahead = 0): boolean {
    const { kind, value } = this.peek(ahead);
    return kind === 'symbol' && value === symbol;
  }

  /** Whether a name stands here that is a keyword in this place. */
  isWord(word: string, ahead = 0): boolean {
    const { kind, value } = this.peek(ahead);
    return kind === 'name' && value === word;
  }

  read(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  /** Reads the symbol if it stands here. */
  take(symbol: string): boolean {
    if (!this.is(symbol)) return false;
    this.read();
    return true;
  }

  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.read();
    return true;
  }

  expect(symbol: string): void {
    if (!this.take(symbol)) this.fail(`expected "${symbol}"`);
  }

  expectWord(word: string): void {
    if (!this.takeWord(word)) this.fail(`expected "${word}"`);
  }

  name(): string {
    if (this.peek().kind !== 'name') this.fail('expected a name');
    return this.read().value;
  }

  /** A text without holes. */
  plainText(): string {
    if (this.peek().kind !== 'text') this.fail('expected a text without holes');
    return this.read().value;
  }

  newlines(): void {
    while (this.peek().kind === 'newline') this.read();
  }

  /** Reads the new line before the symbol, if that is what comes. */
  newlinesBefore(symbol: string): void {
    if (this.peek().kind === 'newline' && this.is(symbol, 1)) this.read();
  }

  /** The end of a statement. */
  endOfLine(): void {
    const { kind } = this.peek();
    if (kind === 'end') return;
    if (kind !== 'newline') this.fail('expected a new line');
    this.read();
  }

  /** Elements up to the closing symbol, each on a line of its own or behind a comma, as Bicep's arrays and objects have them. */
  elements<T>(close: string, element: () => T): readonly T[] {
    const found: T[] = [];
    if (this.take(close)) return found;
    this.newlines();
    while (!this.take(close)) {
      found.push(element());
      if (this.is(close)) continue;
      // Not both: behind a comma a new line begins no element.
      if (this.take(',')) continue;
      if (this.peek().kind === 'newline') this.newlines();
      else this.fail(`expected a new line, a comma or "${close}"`);
    }
    return found;
  }

  /** Arguments up to the closing symbol, with commas between them; new lines may stand around each. */
  args<T>(close: string, arg: () => T): readonly T[] {
    const found: T[] = [];
    this.newlines();
    if (this.take(close)) return found;
    do {
      this.newlines();
      found.push(arg());
      this.newlinesBefore(close);
    } while (this.take(','));
    this.expect(close);
    return found;
  }

  fail(problem: string): never {
    const { kind, value, place } = this.peek();
    throw new BicepError(place, `${problem}, found ${kind === 'end' || kind === 'newline' ? kind : `"${value}"`}`);
  }
}
