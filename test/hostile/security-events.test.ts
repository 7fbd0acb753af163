import { securityEventSieges } from './doors/security-events.ts';
import { besiege } from './support/siege.ts';

for (const siege of securityEventSieges) besiege(siege);
