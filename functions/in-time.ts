import type { TimerHandler } from '@azure/functions';
import type { SettingMistake } from '../shared/settings/mistakes.ts';
import { notBeforeMistake } from '../shared/settings/not-before-mistake.ts';
import type { Composition } from './compose.ts';

/**
 * What an instance with good settings has to wait for: that SESSIONS_NOT_BEFORE has come by its own clock. Until then nobody could sign
 * in, and an instant that was mistyped must not end everybody; null as soon as it has.
 */
export function awaited({ application: { settings, store } }: Composition): SettingMistake | null {
  return notBeforeMistake(settings.sessionsNotBefore, store.ambient.now());
}

/** A timer's handler that does nothing in a run which comes too early. */
export function inTime(composition: Composition, handler: TimerHandler): TimerHandler {
  return (timer, context) => (awaited(composition) === null ? handler(timer, context) : undefined);
}
