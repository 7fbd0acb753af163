import { ownSieges } from './doors/own.ts';
import { besiege } from './support/siege.ts';

for (const siege of ownSieges) besiege(siege);
