import { sessionsSieges } from './doors/sessions.ts';
import { besiege } from './support/siege.ts';

for (const siege of sessionsSieges) besiege(siege);
