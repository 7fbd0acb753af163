import type { Application } from '../shared/application/application.ts';
import { browserOrigins } from '../shared/oidc/metadata.ts';

/** Where a sign-out form may lead beside our own origin; none while the OP is not known, and then it leads nowhere else. */
export async function opOrigins({ op }: Application): Promise<string[]> {
  const known = await op.get();
  return 'outcome' in known ? [] : browserOrigins(known.metadata);
}
