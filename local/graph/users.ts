import type { User } from '../op/op.ts';

/** What can be done to a user, as an administrator does it. */
export type Action = 'disable' | 'enable' | 'revoke' | 'delete';
export const ACTIONS: readonly Action[] = ['disable', 'enable', 'revoke', 'delete'];

interface Entry {
  accountEnabled: boolean;
  validFrom: Date;
  deleted: boolean;
}

/** The directory's users: the provider's people, and how each stands. */
export interface Users {
  /** In Graph's words; undefined for one who is not there, or deleted (those are in the recycle bin, and not found here). */
  get(oid: string): Record<string, unknown> | undefined;
  all(): readonly { readonly user: User; readonly state: 'enabled' | 'disabled' | 'deleted' }[];
  /** @param at since when a revocation counts @returns whether there is such a user */
  act(oid: string, action: Action, at: Date): boolean;
}

export function createUsers(people: readonly User[]): Users {
  const entries = new Map<string, Entry>();
  const entryOf = (oid: string): Entry => {
    const entry = entries.get(oid) ?? { accountEnabled: true, validFrom: new Date(0), deleted: false };
    entries.set(oid, entry);
    return entry;
  };
  return {
    get(oid) {
      const user = people.find((each) => each.oid === oid);
      if (!user) return undefined;
      const { accountEnabled, validFrom, deleted } = entryOf(oid);
      // Entra ID gives whole seconds.
      const moment = `${validFrom.toISOString().slice(0, 19)}Z`;
      const { name: displayName, upn: userPrincipalName } = user;
      if (deleted) return undefined;
      return { id: oid, displayName, userPrincipalName, accountEnabled, signInSessionsValidFromDateTime: moment };
    },
    all: () =>
      people.map((user) => {
        const { accountEnabled, deleted } = entryOf(user.oid);
        return { user, state: deleted ? 'deleted' : accountEnabled ? 'enabled' : 'disabled' };
      }),
    act(oid, action, at) {
      if (!people.some((each) => each.oid === oid)) return false;
      const entry = entryOf(oid);
      if (action === 'revoke') entry.validFrom = at;
      else if (action === 'delete') entry.deleted = true;
      else entry.accountEnabled = action === 'enable';
      return true;
    },
  };
}
