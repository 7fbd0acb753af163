import { beforeAll, describe, expect, it } from '@jest/globals';
import { type AccountKey, accountKey } from '../../shared/account/account-key.ts';
import type { SessionTicket } from '../../shared/session/ticket.ts';
import { endListedSession } from '../../shared/signout/end-listed.ts';
import { signOutFrontChannel } from '../../shared/signout/front-channel.ts';
import { leave } from '../../shared/signout/leave.ts';
import { attemptSignOut } from '../../shared/signout/retry.ts';
import { type Caller, createCaller } from '../support/api-calls.ts';
import { OP_METADATA } from '../support/application.ts';
import { MINUTE } from '../support/records.ts';
import { scriptedCache } from '../support/scripted-token-client.ts';
import { signIn } from '../support/signins.ts';
import { CLIENT_ID, createCrowdedStore, recordOperations, type TestStore, target } from '../support/store.ts';

const ACCOUNTS_MAX = 100_000;
const SESSIONS_MAX = 64;

/** An account that is at work, and one of its sessions; the others were used before. */
interface Scene {
  readonly store: TestStore;
  readonly caller: Caller;
  readonly account: AccountKey;
  readonly ticket: SessionTicket;
  readonly sid: string;
}

interface Operation {
  readonly name: string;
  readonly calls: number;
  /** What comes before it. */
  readonly prepare?: (scene: Scene) => Promise<unknown>;
  readonly run: (scene: Scene) => Promise<unknown>;
}

const answered = { outcome: 'answered' };
const signedOut = { outcome: 'signed-out', receipt: { sessions: expect.any(Number) } };

const call = async ({ caller, ticket }: Scene) => expect(await caller.call(ticket)).toMatchObject(answered);
const bySid = ({ sid }: Scene) => target('sid', sid);
const now = ({ store }: Scene) => store.ambient.now();

const OPERATIONS: readonly Operation[] = [
  { name: 'a call of an API', calls: 1, prepare: call, run: call },
  { name: 'a call that refreshes', calls: 4, run: call },
  {
    name: 'a call that renews',
    calls: 2,
    async prepare(scene) {
      await call(scene);
      scene.store.ambient.advance(6 * MINUTE);
    },
    run: call,
  },
  {
    name: 'a sign-in whose code was redeemed',
    calls: 6,
    run: ({ store, account }) => signIn(store, { account, sid: 'sid-of-its-own' }),
  },
  {
    name: 'an own sign-out',
    calls: 5,
    run: async (scene) =>
      expect(await leave(scene.caller.application, scene.ticket, now(scene))).toMatchObject({ outcome: 'left' }),
  },
  {
    name: 'a front-channel sign-out',
    calls: 6,
    run: async (scene) =>
      expect(await signOutFrontChannel(scene.caller.application, OP_METADATA, scene.sid, now(scene))).toMatchObject(
        signedOut,
      ),
  },
  {
    name: 'a back-channel sign-out',
    calls: 6,
    run: async (scene) =>
      expect(
        await attemptSignOut(scene.caller.application, {
          ...{ kind: 'target', index: bySid(scene), door: 'back-channel', receivedAt: now(scene), scope: 'account' },
        }),
      ).toMatchObject(signedOut),
  },
  {
    name: "an operator's sign-out",
    calls: 5,
    run: async (scene) => {
      const { account } = scene;
      const index = target('account', account);
      const named = { kind: 'account', account, index, door: 'operator', scope: 'account' } as const;
      const ended = await attemptSignOut(scene.caller.application, { ...named, receivedAt: now(scene) });
      expect(ended).toMatchObject(signedOut);
    },
  },
  {
    name: 'the end of the session that asks for it',
    calls: 6,
    run: async (scene) => {
      const { caller, ticket } = scene;
      const ended = await endListedSession(caller.application, ticket, ticket.sessionId, now(scene));
      expect(ended).toMatchObject({ outcome: 'ended' });
    },
  },
];

describe.each([1, ACCOUNTS_MAX])('among %i accounts', (accounts) => {
  let store: TestStore;
  beforeAll(() => {
    store = createCrowdedStore(accounts - 1);
  });

  describe.each([1, SESSIONS_MAX])('of which one has %i sessions', (sessions) => {
    it.each(OPERATIONS)('$name takes $calls calls of storage', async ({ name, calls, prepare, run }) => {
      const account = accountKey(`${name} ${sessions}`, CLIENT_ID);
      const sidOf = (session: number) => `sid of ${session} for ${name} among ${sessions}`;
      for (let session = 1; session < sessions; session += 1) await signIn(store, { account, sid: sidOf(session) });
      // Those that were not used for longest make way.
      store.ambient.advance(1_000);
      const sid = sidOf(0);
      const ticket = await signIn(store, { account, sid, cache: scriptedCache() });
      const scene = { store, caller: createCaller(store), account, ticket, sid };
      await prepare?.(scene);
      const operations = recordOperations(store);
      await run(scene);
      store.tables.before = undefined;
      expect(operations.map(({ name, table }) => `${name} ${table}`)).toHaveLength(calls);
    });
  });
});
