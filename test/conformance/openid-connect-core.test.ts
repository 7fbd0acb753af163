import { scriptedGround } from '../http/support/ground.ts';
import { assuranceChecks } from './checks/core-assurance.ts';
import { clientChecks } from './checks/core-client.ts';
import { idTokenChecks } from './checks/core-id-token.ts';
import { requestChecks } from './checks/core-request.ts';
import { conforms } from './conforms.ts';
import { openidConnectCore } from './specs/openid-connect-core.ts';

const ground = scriptedGround();

conforms(openidConnectCore, {
  ...requestChecks(ground),
  ...idTokenChecks(ground),
  ...assuranceChecks(ground),
  ...clientChecks(ground),
});
