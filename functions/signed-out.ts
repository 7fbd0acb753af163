import { page } from '../shared/http/answers.ts';
import { renderSignedOut } from '../shared/page/signed-out.ts';
import type { Trigger } from './edge.ts';

/** `GET /auth/signed-out`: where the OP returns the browser. Entra ID sends no `state` back, so none is asked for. */
export const signedOut: Trigger = ({ application }) => page(200, renderSignedOut(application.settings.applicationName));
