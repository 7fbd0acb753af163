import type { Unanswered } from './reply.ts';

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'nobody has that name (DNS)',
  EAI_AGAIN: 'the name cannot be looked up at the moment (DNS)',
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection broke off',
  EHOSTUNREACH: 'no way leads there from this machine',
  ENETUNREACH: 'no way leads there from this machine',
  ETIMEDOUT: 'no answer came in time',
  CERT_HAS_EXPIRED: 'its certificate has expired: renew it',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet, or the clock of this machine is wrong',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name: bind one for this name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody that this machine knows',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody that this machine knows',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody that this machine knows',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate comes without its chain, or is signed by nobody that this machine knows',
  EPROTO: 'it does not speak TLS there',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there',
};

/** @param code Node's or the system's */
export function unansweredFor(code: string): Unanswered {
  return { kind: 'unanswered', code, reason: WORDS[code] ?? `the connection failed (${code})` };
}
