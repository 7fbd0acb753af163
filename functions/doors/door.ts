import type { Settings } from '../../shared/settings/settings.ts';
import type { Door } from '../../shared/signout/sign-out.ts';
import type { Queue, Route, Timer } from '../route.ts';

/** A way in which a person's access ends: what a door is made of. Behind each stands the same operation, `attemptSignOut`. */
export interface DoorDefinition {
  readonly door: Door;
  /** One sentence: who knocks, and what ends. The README's table is made of it. */
  readonly meaning: string;
  /** What opens it: a setting's name; null for a door that always is. */
  readonly openedBy: string | null;
  isOpen(settings: Settings): boolean;
  readonly routes: readonly Route[];
  readonly timers?: readonly Timer[];
  readonly queues?: readonly Queue[];
}
