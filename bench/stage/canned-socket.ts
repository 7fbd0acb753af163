import { Duplex } from 'node:stream';

/** @param headers names and values by turns, as they came */
export type Ask = (method: string, path: string, headers: readonly string[], body: Buffer) => Promise<Buffer>;

const HEAD_END = '\r\n\r\n';

/**
 * A connection that leads nowhere: reads requests of HTTP/1.1 and gives each its answer after a fixed time. Has of a socket what
 * clients of HTTP ask of one.
 */
export class CannedSocket extends Duplex {
  readonly #milliseconds: number;
  readonly #ask: Ask;
  #arrived: Buffer = Buffer.alloc(0);
  connecting = true;
  readonly remoteAddress = '127.0.0.1';
  readonly remotePort = 0;
  timeout = 0;

  constructor(milliseconds: number, ask: Ask) {
    super();
    this.#milliseconds = milliseconds;
    this.#ask = ask;
    process.nextTick(() => {
      this.connecting = false;
      this.emit('connect');
      this.emit('ready');
    });
  }

  override _read(): void {}

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.#arrived = this.#arrived.length === 0 ? piece : Buffer.concat([this.#arrived, piece]);
    this.#readRequest();
    done();
  }

  override _writev(pieces: { chunk: Buffer }[], done: () => void): void {
    this._write(Buffer.concat(pieces.map(({ chunk }) => chunk)), '', done);
  }

  #readRequest(): void {
    const headEnd = this.#arrived.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const [start = '', ...lines] = this.#arrived.toString('latin1', 0, headEnd).split('\r\n');
    const length = lines.find((line) => /^content-length:/i.test(line))?.slice('content-length:'.length);
    const end = headEnd + HEAD_END.length + Number(length ?? 0);
    if (this.#arrived.length < end) return;
    const body = this.#arrived.subarray(headEnd + HEAD_END.length, end);
    this.#arrived = this.#arrived.subarray(end);
    const [method = '', path = ''] = start.split(' ');
    const headers = lines.flatMap((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    setTimeout(() => this.#answer(method, path, headers, body), this.#milliseconds);
  }

  #answer(method: string, path: string, headers: readonly string[], body: Buffer): void {
    this.#ask(method, path, headers, body).then(
      (answer) => this.destroyed || this.push(answer),
      (error) => this.destroy(error),
    );
  }

  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
