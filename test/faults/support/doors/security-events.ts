import { deliver, type ScriptedTransmitter, startTransmitter, subjectOf } from '../../../http/support/transmitter.ts';
import type { RunningApp } from '../../../http/support/world.ts';
import { CAEP } from '../../../support/transmitter.ts';
import { oneEach } from '../one-each.ts';
import { signedIn } from '../visitor.ts';
import { toldBy } from './sign-outs.ts';

interface Listening {
  readonly app: RunningApp;
  readonly transmitter: ScriptedTransmitter;
}

const listening = oneEach(async ({ startApp, atEnd }): Promise<Listening> => {
  const transmitter = await startTransmitter();
  atEnd(() => transmitter.close());
  return { app: await startApp(transmitter.settings), transmitter };
});

export const securityEvent = toldBy(
  'the sign-out by a security event',
  async (ground, visitor) => {
    const { app, transmitter } = await listening(ground);
    return deliver(app, await transmitter.make(`${CAEP}session-revoked`, subjectOf(ground.world, visitor, app)));
  },
  {
    enter: async (ground) => signedIn(ground.world, (await listening(ground)).app),
    done: 202,
    // By `sub`, as the back channel.
    meets: 'unheard-effects',
  },
);
