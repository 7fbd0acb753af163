import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DOORS, openDoors } from '../../functions/doors/doors.ts';
import { settingsWith } from '../shared/settings/environment.ts';

const readme = readFileSync('README.md', 'utf8');
const names = (changes: Record<string, string> = {}) => openDoors(settingsWith(changes)).map(({ door }) => door);

describe('the doors', () => {
  it.each(DOORS)('the README says of the door "$door" what the code says', ({ door, meaning, openedBy }) => {
    expect(readme).toContain(`| ${door} | ${meaning} | ${openedBy === null ? 'always open' : `\`${openedBy}\``} |`);
  });

  it('stand in the README in the order of the code, and no other does', () => {
    const [, table = ''] = readme.split('## Doors');
    const rows = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| ([a-z-]+) \| [A-Z]/gm)].map(([, door]) => door);
    expect(rows).toEqual(DOORS.map(({ door }) => door));
  });

  it('are closed but for those that need no setting', () => {
    expect(names()).toEqual(DOORS.filter(({ openedBy }) => openedBy === null).map(({ door }) => door));
  });
});
