const KEY = 'exeunt.followed';
/** An API that is not content with what the sign-in brought must not send the person round for ever. */
const AGAIN_AFTER_MS = 60_000;

/** Leaves for a sign-in that an API asked for, unless this tab has just been there for the same reason. */
export function followOnce(url: string, returnTo: string): void {
  const [followed, at] = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
  if (followed === url && Date.now() - at < AGAIN_AFTER_MS) return;
  sessionStorage.setItem(KEY, JSON.stringify([url, Date.now()]));
  location.assign(`${url}&returnTo=${encodeURIComponent(returnTo)}`);
}
