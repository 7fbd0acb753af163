import type { Application } from '../shared/application/application.ts';
import { browserOrigins } from '../shared/oidc/metadata.ts';

/**
 * Where a sign-out form may lead beside our own origin. While the OP's metadata cannot be had, the places where it should
 * be: a page may outlive the outage, and its form is then redirected to the OP after all.
 */
export async function opOrigins({ op, settings }: Application): Promise<string[]> {
  const known = await op.get();
  if (!('outcome' in known)) return browserOrigins(known.metadata);
  return [...new Set([settings.op.authority, settings.op.metadataUrl].map((url) => new URL(url).origin))];
}
