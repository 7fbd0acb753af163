import { frontChannelSieges } from './doors/front-channel.ts';
import { besiege } from './support/siege.ts';

for (const siege of frontChannelSieges) besiege(siege);
