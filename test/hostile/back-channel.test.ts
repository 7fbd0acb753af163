import { backChannelSieges } from './doors/back-channel.ts';
import { besiege } from './support/siege.ts';

for (const siege of backChannelSieges) besiege(siege);
