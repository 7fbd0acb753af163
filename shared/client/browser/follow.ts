const KEY = 'exeunt.followed';
/** An API that is not content with what the sign-in brought must not send the person round for ever. */
const AGAIN_AFTER_MS = 60_000;
/** Nor one that wants something else each time. */
const FOLLOWED_MAX = 5;
/** Longer than a page takes to give way. */
const LEAVING_MS = 10_000;

let left = Number.NEGATIVE_INFINITY;

/**
 * Leaves for a sign-in that an API asked for, unless this tab has just been there for the same reason. Where several ask at
 * once the first has its turn; the others ask again when the person is back.
 */
export function followOnce(url: string, returnTo: string): void {
  const now = Date.now();
  // All of the last minute's, not the last one's alone: two that are never content would send the person to and fro.
  const followed: [string, number][] = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
  const recent = followed.filter(([, at]) => now - at < AGAIN_AFTER_MS);
  if (now - left < LEAVING_MS || recent.length >= FOLLOWED_MAX || recent.some(([each]) => each === url)) return;
  left = now;
  sessionStorage.setItem(KEY, JSON.stringify([...recent, [url, now]]));
  location.assign(`${url}&returnTo=${encodeURIComponent(returnTo)}`);
}
