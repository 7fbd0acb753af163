import { expect } from '@jest/globals';
import { directoryTriggers } from '../../../functions/doors/directory.ts';
import { REPLICAS_LAG_MILLISECONDS } from '../../../shared/directory/carry-out.ts';
import { clientStateOf } from '../../../shared/directory/client-state.ts';
import type { DirectoryUser, Graph } from '../../../shared/directory/graph.ts';
import type { Directory } from '../../../shared/directory/work.ts';
import { workOffDirectoryEvents } from '../../../shared/directory/work-off.ts';
import { scriptedQueue } from '../../support/scripted-queue.ts';
import { signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, target } from '../../support/store.ts';
import { batchClasses } from '../support/batch-classes.ts';
import { raiseGround } from '../support/ground.ts';
import { notificationClasses } from '../support/notification-classes.ts';
import {
  batch,
  DIRECTORY_TENANT,
  type DirectoryScene,
  goodNotification,
  OBJECT_ID,
  posted,
} from '../support/notifications.ts';
import type { Siege } from '../support/siege.ts';

const trigger = directoryTriggers['graph-notifications'];
const directories = new WeakMap<DirectoryScene, Directory>();

/** Somebody signed in whom the directory knows by object id, and who is revoked there only when a test says so. */
async function raise(): Promise<DirectoryScene> {
  const ground = raiseGround();
  const { application, store } = ground;
  const enter = () => signIn(store, { indexes: [target('oid', OBJECT_ID)] });
  await enter();
  let alice: DirectoryUser = { accountEnabled: true, sessionsValidFrom: null };
  const events = scriptedQueue();
  const clientState = clientStateOf(store.keyring, DIRECTORY_TENANT);
  const directory: Directory = {
    tenant: DIRECTORY_TENANT,
    events,
    endpoint: { url: 'https://app.example/events/graph', clientState },
    graph: { user: async (oid: string) => (oid === OBJECT_ID ? alice : { outcome: 'not-found' }) } as unknown as Graph,
  };
  const scene: DirectoryScene = {
    ground,
    clientState: clientState.value,
    waiting: () => events.messages.length,
    async workOff() {
      const work = async () =>
        expect((await workOffDirectoryEvents(application, directory, events.take())).outcome).toBe('done');
      await work();
      // The second look, where there is one.
      store.ambient.advance(REPLICAS_LAG_MILLISECONDS);
      if (events.messages.length > 0) await work();
    },
    revoke() {
      alice = { accountEnabled: true, sessionsValidFrom: store.ambient.now() };
    },
    async signInAgain() {
      await enter();
    },
    victim: {
      stands: () => accountProperties(store, ALICE) !== null,
      names: [OBJECT_ID, DIRECTORY_TENANT, clientState.value, 'alice.contoso', ALICE],
    },
  };
  directories.set(scene, directory);
  return scene;
}

const siege: Siege<DirectoryScene> = {
  name: 'directory',
  raise,
  ask: (scene, sent) => scene.ground.answer(trigger, sent, { directory: directories.get(scene) ?? null }),
  classes: { ...notificationClasses, ...batchClasses },
  after: (scene) => expect(scene.waiting()).toBe(0),
  async endVictim(scene) {
    scene.revoke();
    const answer = await siege.ask(scene, posted(batch(goodNotification(scene))), false);
    expect([answer.status, scene.waiting()]).toEqual([202, 1]);
    await scene.workOff();
  },
};

export const directorySieges = [siege];
