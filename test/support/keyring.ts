import { createHash, createSecretKey } from 'node:crypto';
import type { Ambient } from '../../shared/ambient/ambient.ts';
import { createKeyring, type Keyring } from '../../shared/seal/keyring.ts';
import { createTestAmbient } from './ambient.ts';

/** A keyring whose keys follow from their ids, so that two instances with the same ids understand each other. */
export function testKeyring(
  kids: readonly [string, ...string[]] = ['k1'],
  ambient: Pick<Ambient, 'randomBytes'> = createTestAmbient(),
  application = 'contoso',
): Keyring {
  const key = (kid: string) => ({ kid, key: createSecretKey(createHash('sha256').update(kid).digest()) });
  const [first, ...rest] = kids;
  return createKeyring([key(first), ...rest.map(key)], application, ambient);
}
