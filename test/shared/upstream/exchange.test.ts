import { expect, it } from '@jest/globals';
import type { Dispatcher } from 'undici';
import { Exchange } from '../../../shared/upstream/exchange.ts';

const controller = { resume() {}, pause() {}, abort() {} } as unknown as Dispatcher.DispatchController;

/** An answer that has come, to its end, before anybody has read of it. */
function arrived(): Exchange {
  const exchange = new Exchange(null, () => {});
  exchange.onRequestStart(controller);
  exchange.onResponseStart(controller, 200, {});
  for (const piece of ['first ', 'second']) exchange.onResponseData(controller, Buffer.from(piece));
  exchange.onResponseEnd();
  return exchange;
}

it('what came in many pieces before anybody asked is given on in one: each costs whoever carries it on as much as a large one', async () => {
  const exchange = arrived();
  expect(String((await exchange.next()).value)).toBe('first second');
  expect(await exchange.next()).toEqual({ done: true, value: undefined });
});

it('an answer that is given up before it is read breaks off, though all of it had come: a part is not taken for the whole', async () => {
  const exchange = arrived();
  exchange.giveUp(new Error('given up'));
  await expect(exchange.next()).rejects.toThrow('given up');
});

it('an answer of which every byte is read before it is given up is whole', async () => {
  const exchange = arrived();
  await exchange.next();
  exchange.giveUp(new Error('given up'));
  expect(await exchange.next()).toEqual({ done: true, value: undefined });
});
