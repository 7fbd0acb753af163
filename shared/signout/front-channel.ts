import { indexKey } from '../account/index-key.ts';
import type { Application } from '../application/application.ts';
import { single } from '../http/message.ts';
import { isOurIssuer } from '../oidc/issuer.ts';
import type { OpMetadata } from '../oidc/metadata.ts';
import { SID_CHARACTERS_MAX } from '../oidc/sid.ts';
import { type Attempted, attemptSignOut } from './retry.ts';

/** A front-channel logout request: an OP session, or none that could be ours. */
export type FrontChannelRequest =
  | { readonly kind: 'sid'; readonly sid: string }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'foreign-issuer' };

/**
 * Reads a front-channel logout request in both dialects: the standard's `iss` and `sid`, and Entra ID's `sid` alone. An
 * `iss` that came must be ours; with a template issuer it is ours for any tenant, since the `sid` decides.
 *
 * @see OpenID Connect Front-Channel Logout 1.0 section 2
 */
export function parseFrontChannel(parameters: URLSearchParams, metadata: OpMetadata): FrontChannelRequest {
  const iss = single(parameters, 'iss');
  if (iss !== undefined && (iss === null || !isOurIssuer(iss, metadata.issuer))) return { kind: 'foreign-issuer' };
  const sid = single(parameters, 'sid');
  if (!sid || sid.length > SID_CHARACTERS_MAX) return { kind: 'nobody' };
  return { kind: 'sid', sid };
}

/**
 * Signs out whoever the `sid` names: no cookie is looked at, because browsers send none into the OP's iframe (G5).
 *
 * @param receivedAt milliseconds since the epoch
 */
export async function signOutFrontChannel(
  application: Application,
  metadata: OpMetadata,
  sid: string,
  receivedAt: number,
): Promise<Attempted> {
  const { op, signoutScopeRemote: scope } = application.settings;
  const index = indexKey(op.clientId, metadata.issuer, { kind: 'sid', value: sid });
  return attemptSignOut(application, { kind: 'target', index, door: 'front-channel', receivedAt, scope });
}
