import { expect } from '@jest/globals';
import { frontChannelTriggers } from '../../../functions/doors/front-channel.ts';
import type { Answer } from '../../../shared/http/message.ts';
import { signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, target } from '../../support/store.ts';
import { frontChannelClasses, SID } from '../support/front-channel-classes.ts';
import { raiseGround, type Sent } from '../support/ground.ts';
import type { Scene, Siege } from '../support/siege.ts';

const trigger = frontChannelTriggers['signout-callback'];
const request = (query: string): Sent => ({
  method: 'GET',
  target: `/auth/signout-callback${query === '' ? '' : `?${query}`}`,
  headers: {},
  body: null,
});

async function raise(): Promise<Scene> {
  const ground = raiseGround();
  await signIn(ground.store, { sid: SID, indexes: [target('sid', SID)] });
  return {
    ground,
    victim: {
      stands: () => accountProperties(ground.store, ALICE) !== null,
      names: [SID, 'alice.contoso', ALICE],
    },
  };
}

const ask = ({ ground }: Scene, sent: Sent, atEdge: boolean): Promise<Answer> =>
  atEdge ? ground.answerAtEdge(trigger, sent) : ground.answer(trigger, sent);

const siege: Siege<Scene> = {
  name: 'front-channel',
  raise,
  ask,
  classes: frontChannelClasses(request),
  // Whoever is named, and whether there is anybody: the answer is the same to the letter.
  async after(scene, answer) {
    if (answer.status === 200) expect(answer).toEqual(await ask(scene, request(''), false));
  },
  async endVictim(scene) {
    const answer = await ask(scene, request(`sid=${SID}`), false);
    expect(answer).toEqual(await ask(scene, request(''), false));
  },
};

export const frontChannelSieges = [siege];
