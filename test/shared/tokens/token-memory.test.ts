import { describe, expect, it } from '@jest/globals';
import { makeSessionId } from '../../../shared/account/session-record.ts';
import { createTokenMemory } from '../../../shared/tokens/token-memory.ts';
import { createTestAmbient } from '../../support/ambient.ts';
import { HOUR } from '../../support/records.ts';

const { randomBytes } = createTestAmbient();
const [alice, bob] = [makeSessionId(randomBytes), makeSessionId(randomBytes)];
const tokenOf = (token: string) => ({ token, obtainedAt: 0, expiresAt: HOUR });

describe("an instance's memory of access tokens", () => {
  it('keeps sessions and scopes apart', () => {
    const memory = createTokenMemory();
    memory.set(alice, ['a', 'b'], tokenOf('alice-ab'));
    memory.set(alice, ['a'], tokenOf('alice-a'));
    memory.set(bob, ['a'], tokenOf('bob-a'));
    expect(memory.get(alice, ['a', 'b'])?.token).toBe('alice-ab');
    expect(memory.get(alice, ['a'])?.token).toBe('alice-a');
    expect(memory.get(bob, ['a'])?.token).toBe('bob-a');
    expect(memory.get(bob, ['a', 'b'])).toBeUndefined();
  });

  it('forgets what is dropped, and that alone', () => {
    const memory = createTokenMemory();
    memory.set(alice, ['a'], tokenOf('alice-a'));
    memory.set(alice, ['b'], tokenOf('alice-b'));
    memory.drop(alice, ['a']);
    expect(memory.get(alice, ['a'])).toBeUndefined();
    expect(memory.get(alice, ['b'])?.token).toBe('alice-b');
  });

  it('is bounded: what was used longest ago makes way for huge tokens', () => {
    const memory = createTokenMemory();
    memory.set(alice, ['a'], tokenOf('small'));
    for (let tokens = 0; tokens < 9; tokens += 1) memory.set(bob, [`${tokens}`], tokenOf('x'.repeat(8 * 1024 * 1024)));
    expect(memory.get(alice, ['a'])).toBeUndefined();
  });
});
