import { randomUUID } from 'node:crypto';
import type { Sent } from './ground.ts';
import type { Attack, Scene } from './siege.ts';
import { tellingTexts } from './telling.ts';

export const DIRECTORY_TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
export const OBJECT_ID = 'a11ce000-1111-4a11-8a11-0000000000a1';
const PATH = '/events/graph';

/** A directory whose notifications are believed by what it was told when it was subscribed to. */
export interface DirectoryScene extends Scene {
  readonly clientState: string;
  /** How many messages wait, and what works the next one off. */
  waiting(): number;
  workOff(): Promise<void>;
  /** The user's sessions are revoked in the directory, as of now. */
  revoke(): void;
  signInAgain(): Promise<void>;
}

export type Members = Readonly<Record<string, unknown>>;

/** A notification as Graph sends it, about the victim. */
export const goodNotification = ({ clientState }: Pick<DirectoryScene, 'clientState'>): Members => ({
  id: randomUUID(),
  subscriptionId: '50b5c21b-0000-4000-8000-000000000001',
  subscriptionExpirationDateTime: '2026-12-01T00:00:00Z',
  clientState,
  tenantId: DIRECTORY_TENANT,
  changeType: 'updated',
  resource: `Users/${OBJECT_ID}`,
  resourceData: { '@odata.type': '#Microsoft.Graph.User', '@odata.id': `Users/${OBJECT_ID}`, id: OBJECT_ID },
});

export const posted = (body: string, query = ''): Sent => ({
  method: 'POST',
  target: `${PATH}${query}`,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body,
});

export const batch = (...notifications: readonly unknown[]): string => JSON.stringify({ value: notifications });

/** A batch made of a good notification when its turn comes. */
export const attackBy = (what: string, make: (good: Members) => Sent, status?: number): Attack<DirectoryScene> => ({
  what,
  ...(status !== undefined && { status }),
  make(scene) {
    const sent = make(goodNotification(scene));
    return { sent, secrets: tellingTexts(sent.body ?? '') };
  },
});

/** The good one with other members; an undefined one is left out. */
export const altered = (changes: Members): Attack<DirectoryScene> =>
  attackBy(JSON.stringify(changes).slice(0, 200), (good) => posted(batch({ ...good, ...changes })));
