import { backChannelLogout } from './specs/back-channel-logout.ts';
import { browserBasedApps } from './specs/browser-based-apps.ts';
import { frontChannelLogout } from './specs/front-channel-logout.ts';
import { openidConnectCore } from './specs/openid-connect-core.ts';
import { rfc7009 } from './specs/rfc7009.ts';
import { rfc8935 } from './specs/rfc8935.ts';
import { rfc9126 } from './specs/rfc9126.ts';
import { rfc9207 } from './specs/rfc9207.ts';
import { rfc9700 } from './specs/rfc9700.ts';
import { rpInitiatedLogout } from './specs/rp-initiated-logout.ts';

/** Every spec of the catalogue, in the order in which the table has them. */
export const SPECS = [
  openidConnectCore,
  rpInitiatedLogout,
  frontChannelLogout,
  backChannelLogout,
  rfc9700,
  browserBasedApps,
  rfc9207,
  rfc9126,
  rfc7009,
  rfc8935,
] as const;
