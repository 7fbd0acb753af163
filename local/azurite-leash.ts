/**
 * Loaded into Azurite's process before it: ends that process when the one that started it has died without saying so, which
 * shows as the end of standard input. An emulator that nobody owns would hold its ports for ever.
 */
import { rmSync } from 'node:fs';

process.stdin.once('end', () => {
  rmSync(process.cwd(), { recursive: true, force: true });
  process.exit();
});
process.stdin.resume();
// Reading must not keep alive what wants to end.
(process.stdin as typeof process.stdin & { unref(): void }).unref();
