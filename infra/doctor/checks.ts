import { BACK_CHANNEL_CHECKS } from './checks/back-channel.ts';
import { CLOCK_CHECKS } from './checks/clocks.ts';
import { FRONT_CHANNEL_CHECKS } from './checks/front-channel.ts';
import { GUARD_CHECKS } from './checks/guard.ts';
import { HEADER_CHECKS } from './checks/headers.ts';
import { OP_CHECKS } from './checks/op.ts';
import { REACH_CHECKS } from './checks/reach.ts';
import { READY_CHECKS } from './checks/ready.ts';
import { REDIRECT_CHECKS } from './checks/redirect-uris.ts';
import { SETTINGS_CHECKS } from './checks/settings.ts';
import { SIGN_IN_CHECKS } from './checks/sign-in.ts';
import type { Check } from './finding.ts';

/** Every check, in the order in which they are told. To add one is to add a row to one of these tables. */
export const CHECKS: readonly Check[] = [
  ...REACH_CHECKS,
  ...SETTINGS_CHECKS,
  ...READY_CHECKS,
  ...SIGN_IN_CHECKS,
  ...REDIRECT_CHECKS,
  ...FRONT_CHANNEL_CHECKS,
  ...BACK_CHANNEL_CHECKS,
  ...HEADER_CHECKS,
  ...GUARD_CHECKS,
  ...OP_CHECKS,
  ...CLOCK_CHECKS,
];
