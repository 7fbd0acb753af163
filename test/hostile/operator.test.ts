import { operatorSieges } from './doors/operator.ts';
import { besiege } from './support/siege.ts';

for (const siege of operatorSieges) besiege(siege);
