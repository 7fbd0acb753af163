import { createHash, timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../seal/keyring.ts';

/** What Microsoft Graph sends back with every notification, so that we know that it comes of a subscription of ours. */
export interface ClientState {
  /** That of a new subscription: of the first key. Graph takes at most 128 characters. */
  readonly value: string;
  /**
   * Names `value` without giving it away. Graph shows nobody the `clientState` of a subscription, so its lifecycle URL carries
   * this: after a rotation it tells which subscription has to be replaced before its key goes.
   */
  readonly fingerprint: string;
  /** Whether a text is that of any of the keys; in a time that tells nothing of them. */
  isOurs(text: string): boolean;
}

/** Derived from `SESSION_KEYS` for the tenant and the application: no setting of its own, and it rotates with the keys. */
export function clientStateOf(keyring: Keyring, tenant: string): ClientState {
  const [value = '', ...older] = keyring.sharedSecrets({ purpose: 'directory-client-state', subject: tenant });
  const digests = [value, ...older].map(digest);
  return {
    value,
    fingerprint: digest(value).toString('hex').slice(0, 16),
    isOurs(text) {
      // Digests are of one length, whatever was sent; all are compared, whichever it is.
      const sent = digest(text);
      return digests.map((own) => timingSafeEqual(own, sent)).includes(true);
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
