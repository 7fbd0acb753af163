import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { publicContract, requiredSettings } from '../fixtures/public-contract.ts';

/** What version 0.1 promised. */
const promised = readFileSync(new URL('../fixtures/public-contract-0.1.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');

describe('what others build upon', () => {
  it('stands as 0.1 had it: routes, queues, settings and their defaults, cookies, codes of refusals, metrics', () => {
    const now = new Set(publicContract());
    expect(promised.filter((promise) => !now.has(promise))).toEqual([]);
  });

  it('asks for no more settings than it did', () => {
    const asked = promised.flatMap((promise) => /^setting (\w+): yes$/.exec(promise)?.[1] ?? []);
    expect(requiredSettings()).toEqual(asked);
  });
});
