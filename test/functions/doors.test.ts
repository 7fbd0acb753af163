import { describe, expect, it } from '@jest/globals';
import { DOORS, openDoors } from '../../functions/doors/doors.ts';
import { settingsWith } from '../shared/settings/environment.ts';

const names = (changes: Record<string, string> = {}) => openDoors(settingsWith(changes)).map(({ door }) => door);

describe('the doors', () => {
  it('are closed but for those that need no setting', () => {
    expect(names()).toEqual(DOORS.filter(({ openedBy }) => openedBy === null).map(({ door }) => door));
  });
});
