import { describe, expect, it } from '@jest/globals';
import { create } from '../../../infra/keys/create.ts';
import { dropOld, replace, rotate } from '../../../infra/keys/rotate.ts';
import { SECRET, secretsIn, type TestWorld, testWorld } from './world.ts';

const DAY = 86_400_000;
const [OLD, NEW] = ['2026-11-21', '2026-11-22'];

/** A deployment with a key of yesterday, and two instances that have it. */
async function deployed(): Promise<TestWorld> {
  const test = await testWorld(['none:x', 'none:x']);
  await create(test.world);
  test.said.length = 0;
  test.ambient.advance(DAY);
  return test;
}

const kids = (test: TestWorld, at: number): string[] =>
  (test.azure.secrets.get(SECRET)?.at(at)?.value ?? '').split(',').map((entry) => entry.slice(0, entry.indexOf(':')));

describe('keys rotate', () => {
  it('adds the new key behind the old one, and has it seal when every instance opens it', async () => {
    await using test = await deployed();
    expect(await rotate(test.world)).toBe(0);
    expect([kids(test, 0), kids(test, 1), kids(test, 2)]).toEqual([[OLD], [OLD, NEW], [NEW, OLD]]);
    expect(test.instances).toEqual([test.stored(), test.stored()]);
    for (const secret of secretsIn(test.stored() ?? '')) expect(test.said.join('\n')).not.toContain(secret);
  });

  it('never has a key seal that some instance does not open: not at any moment, whichever instance is slow', async () => {
    await using test = await deployed();
    test.restarts = false;
    const sealed: string[][] = [];
    const world = {
      ...test.world,
      ambient: {
        ...test.ambient,
        // One instance after the other comes up anew, as time goes by.
        sleep: async (milliseconds: number) => {
          await test.ambient.sleep(milliseconds);
          const behind = test.instances.findIndex((keys) => keys !== test.stored());
          if (behind !== -1 && test.ambient.sleeps.length % 7 === 0) test.instances[behind] = test.stored() ?? '';
          sealed.push(test.instances.map((keys) => keys.slice(0, keys.indexOf(':'))));
          for (const kid of new Set(sealed.at(-1))) {
            for (const keys of test.instances) expect(keys).toContain(`${kid}:`);
          }
        },
      },
    };
    expect(await rotate(world)).toBe(0);
    expect(new Set(sealed.map((each) => each.join()))).toContain(`${NEW},${OLD}`);
  });

  it('waits on while a single answer lacks the key, or is none, and for as long as is set after the last', async () => {
    await using test = await deployed();
    let asks = 0;
    const ask = async () => {
      asks += 1;
      const sighting = await test.world.ask('');
      // The last of the good window is none: the window begins anew.
      return asks === 200 ? null : sighting;
    };
    expect(await rotate({ ...test.world, ask })).toBe(0);
    const waited = test.ambient.sleeps.reduce((sum, each) => sum + each, 0);
    expect(waited).toBeGreaterThan(2 * 180_000 + 100_000);
    expect(test.said.join('\n')).toContain('some answers are none');
  });

  it('goes on, wherever it was broken off, with the key that is there', async () => {
    await using test = await deployed();
    test.restarts = false;
    expect(await rotate(test.world)).toBe(1);
    expect(test.said.at(-1)).toMatch(/not every instance opens 2026-11-22/);
    expect(kids(test, -1)).toEqual([OLD, NEW]);
    const [, added] = (test.stored() ?? '').split(',');
    test.restarts = true;
    expect(await rotate(test.world)).toBe(0);
    expect(kids(test, -1)).toEqual([NEW, OLD]);
    expect(test.stored()?.split(',')[0]).toBe(added);
    expect(test.azure.secrets.get(SECRET)).toHaveLength(3);
    // Once more, where nothing is left to write.
    expect(await rotate(test.world)).toBe(0);
    expect(test.azure.secrets.get(SECRET)).toHaveLength(3);
  });

  it('does nothing over what somebody else wrote meanwhile', async () => {
    await using test = await deployed();
    const other = () => {
      const { value = '', tags = {} } = test.azure.secrets.get(SECRET)?.at(-1) ?? {};
      const versions = test.azure.secrets.get(SECRET) ?? [];
      versions.push({ version: 'f'.repeat(32), value: value.replace(NEW, 'else'), tags, created: 0, enabled: true });
    };
    let changed = false;
    const ask = async () => {
      if (!changed) other();
      changed = true;
      return test.world.ask('');
    };
    expect(await rotate({ ...test.world, ask })).toBe(1);
    expect(test.said.at(-1)).toContain('somebody else changed the secret meanwhile');
    expect(test.azure.secrets.get(SECRET)).toHaveLength(3);
  });

  it('two that write at the same moment: whoever came second says so, and nothing more is written', async () => {
    await using test = await deployed();
    test.azure.beforeWrite = () => {
      const versions = test.azure.secrets.get(SECRET) ?? [];
      const [first] = versions;
      if (first) versions.push({ ...first, version: 'e'.repeat(32), tags: {} });
    };
    expect(await rotate(test.world)).toBe(1);
    expect(test.said.at(-1)).toMatch(/two wrote the secret at the same moment \(versions .*e{32}/);
    expect(test.azure.secrets.get(SECRET)).toHaveLength(3);
  });

  it('is not taken for done a second time where the old key of the last rotation is still there, long due', async () => {
    await using test = await deployed();
    expect([await rotate(test.world), await rotate(test.world)]).toEqual([0, 0]);
    test.ambient.advance(3 * DAY);
    const before = test.stored();
    expect(await rotate(test.world)).toBe(1);
    expect(test.said.at(-1)).toMatch(/drop-old/);
    expect(test.stored()).toBe(before);
    expect([await dropOld(test.world, false), await rotate(test.world)]).toEqual([0, 0]);
    expect(test.stored()?.split(',')).toHaveLength(2);
    expect(test.stored()).not.toBe(before);
  });

  it('has a second key of one day told from the first', async () => {
    await using test = await testWorld(['none:x']);
    await create(test.world);
    expect(await rotate(test.world)).toBe(0);
    expect(kids(test, -1)).toEqual([`${OLD}-2`, OLD]);
  });
});

describe('keys drop-old', () => {
  it('is refused while the old key may be needed: its sessions, and a day in which an instance may not have heard', async () => {
    await using test = await deployed();
    await rotate(test.world);
    const from = /from (\S+) on/.exec(test.said.at(-1) ?? '')?.[1] ?? '';
    expect(await dropOld(test.world, false)).toBe(1);
    expect(test.said.at(-1)).toContain(`may still be needed until ${from}`);
    test.ambient.setWallClock(Date.parse(from.replace('Z', ':00Z')) - 600_000);
    expect(await dropOld(test.world, false)).toBe(1);
    expect(kids(test, -1)).toEqual([NEW, OLD]);
    test.ambient.advance(600_000);
    expect(await dropOld(test.world, false)).toBe(0);
    expect(kids(test, -1)).toEqual([NEW]);
    expect(test.instances).toEqual([test.stored(), test.stored()]);
    const written = test.azure.secrets.get(SECRET)?.at(-2)?.created ?? 0;
    expect(Date.parse(from.replace('Z', ':00Z'))).toBeGreaterThan(written + (12 + 24) * 3_600_000);
  });

  it('is not had early by a setting that is lowered while it waits: sessions of before live as long as they were to', async () => {
    await using test = await deployed();
    test.absoluteMinutes = 30 * 24 * 60;
    await rotate(test.world);
    test.absoluteMinutes = 60;
    for (const days of [3, 28]) {
      expect(await dropOld(test.world, false)).toBe(1);
      expect(test.said.at(-1)).toContain('may still be needed until 2026-12-23');
      test.ambient.advance(days * DAY);
    }
    expect(await rotate(test.world)).toBe(0);
    expect(test.said.at(-1)).toContain('from 2026-12-23');
    test.ambient.advance(DAY);
    expect(await dropOld(test.world, false)).toBe(0);
    expect(kids(test, -1)).toEqual([NEW]);
  });

  it('has a rotation that follows at once go by what the last was told, and one of years later by what it is told itself', async () => {
    await using test = await deployed();
    test.absoluteMinutes = 30 * 24 * 60;
    await rotate(test.world);
    test.ambient.advance(32 * DAY);
    expect(await dropOld(test.world, false)).toBe(0);
    test.absoluteMinutes = 60;
    await rotate(test.world);
    test.ambient.advance(3 * DAY);
    expect(await dropOld(test.world, false)).toBe(1);
    test.ambient.advance(30 * DAY);
    expect(await dropOld(test.world, false)).toBe(0);
    test.ambient.advance(300 * DAY);
    await rotate(test.world);
    test.ambient.advance(3 * DAY);
    expect(await dropOld(test.world, false)).toBe(0);
  });

  it('goes by what it is told where the secret carries no such tag, or one that says nothing', async () => {
    await using test = await deployed();
    await rotate(test.world);
    const newest = test.azure.secrets.get(SECRET)?.at(-1);
    for (const minutes of [undefined, 'for ever', '-1', '99999999999']) {
      const { 'exeunt-needed-minutes': _, ...tags } = newest?.tags ?? {};
      Object.assign(newest ?? {}, { tags: { ...tags, ...(minutes && { 'exeunt-needed-minutes': minutes }) } });
      expect(await dropOld(test.world, false)).toBe(1);
      expect(test.said.at(-1)).toContain('may still be needed until 2026-11-23');
    }
  });

  it('is refused while an instance seals with it still, however late it is', async () => {
    await using test = await deployed();
    await rotate(test.world);
    test.ambient.advance(30 * DAY);
    const [fresh = '', old = ''] = (test.stored() ?? '').split(',');
    test.instances[1] = `${old},${fresh}`;
    expect(await dropOld(test.world, false)).toBe(1);
    expect(kids(test, -1)).toEqual([NEW, OLD]);
  });

  it('is done at once where somebody insists', async () => {
    await using test = await deployed();
    await rotate(test.world);
    expect(await dropOld(test.world, true)).toBe(0);
    expect(kids(test, -1)).toEqual([NEW]);
  });

  it('does nothing to one key alone, and breaks no rotation off', async () => {
    await using test = await deployed();
    expect(await dropOld(test.world, true)).toBe(0);
    test.restarts = false;
    await rotate(test.world);
    expect(await dropOld(test.world, true)).toBe(1);
    expect(kids(test, -1)).toEqual([OLD, NEW]);
  });
});

describe('keys replace', () => {
  it('leaves a new key alone, in whatever step', async () => {
    await using test = await deployed();
    await rotate(test.world);
    expect(await replace(test.world)).toBe(0);
    expect(kids(test, -1)).toEqual([`${NEW}-2`]);
    expect(test.instances).toEqual([test.stored(), test.stored()]);
  });
});
