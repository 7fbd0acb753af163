import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { BIT_STRING, der, INTEGER, OCTET_STRING, oid, SEQUENCE, SET, tagged, UTC_TIME, UTF8_STRING } from './der.ts';

const DAY_MILLISECONDS = 86_400_000;
const LIFE_DAYS = 30;
/** RFC 5758 section 3.2. */
const ECDSA_WITH_SHA256 = der(SEQUENCE, oid('1.2.840.10045.4.3.2'));
const COMMON_NAME = oid('2.5.4.3');
const TRUE = Buffer.from('0101ff', 'hex');
/** RFC 5280 sections 4.2.1.9, 4.2.1.3 and 4.2.1.6. */
const IS_AUTHORITY = extension('2.5.29.19', der(SEQUENCE, TRUE), true);
const SIGNS_CERTIFICATES = extension('2.5.29.15', Buffer.from('03020204', 'hex'), true);
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const DNS_NAME = tagged(2, false);
const IP_ADDRESS = tagged(7, false);

/** What a TLS server shows, and proves to be its own, in PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of this machine's, for as long as this process lives. */
export interface Authority {
  /** In PEM: whoever trusts it trusts all that it has signed. */
  readonly certificate: string;
  /** @param host a name, or an address of IPv4 */
  issue(host: string): ServerCertificate;
}

/**
 * Makes one, with a key that is nowhere written. Node.js itself reads certificates and writes none.
 *
 * @param now milliseconds since the epoch
 * @see RFC 5280 section 4.1
 */
export function createAuthority(now: number): Authority {
  const subject = 'Exeunt on this machine';
  const { privateKey } = newKey();
  const signed = (to: Signed): string => certificate(to, { name: subject, key: privateKey }, now);
  return {
    certificate: signed({ name: subject, key: privateKey, extensions: [IS_AUTHORITY, SIGNS_CERTIFICATES] }),
    issue(host) {
      const own = newKey().privateKey;
      const names = extension(SUBJECT_ALTERNATIVE_NAME, der(SEQUENCE, generalName(host)), false);
      return {
        cert: signed({ name: host, key: own, extensions: [names] }),
        key: own.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

/** An elliptic curve's, which takes no time to make. */
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

interface Named {
  readonly name: string;
  readonly key: KeyObject;
}
interface Signed extends Named {
  readonly extensions: readonly Buffer[];
}

function certificate(subject: Signed, issuer: Named, now: number): string {
  const toBeSigned = der(
    SEQUENCE,
    der(tagged(0, true), der(INTEGER, Buffer.from([2]))),
    // Positive, and without a zero in front.
    der(INTEGER, Buffer.from([1]), randomBytes(8)),
    ECDSA_WITH_SHA256,
    nameOf(issuer),
    der(SEQUENCE, utcTime(now - DAY_MILLISECONDS), utcTime(now + LIFE_DAYS * DAY_MILLISECONDS)),
    nameOf(subject),
    createPublicKey(subject.key).export({ type: 'spki', format: 'der' }),
    der(tagged(3, true), der(SEQUENCE, ...subject.extensions)),
  );
  const signature = der(BIT_STRING, Buffer.from([0]), sign('sha256', toBeSigned, issuer.key));
  return pem(der(SEQUENCE, toBeSigned, ECDSA_WITH_SHA256, signature));
}

function extension(id: string, value: Buffer, critical: boolean): Buffer {
  return der(SEQUENCE, oid(id), ...(critical ? [TRUE] : []), der(OCTET_STRING, value));
}

/** RFC 5280 section 4.2.1.6. */
const generalName = (host: string): Buffer =>
  isIPv4(host) ? der(IP_ADDRESS, Buffer.from(host.split('.').map(Number))) : der(DNS_NAME, Buffer.from(host));

const nameOf = ({ name }: Named): Buffer =>
  der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, Buffer.from(name)))));

/** `YYMMDDhhmmssZ`. */
const utcTime = (time: number): Buffer =>
  der(UTC_TIME, Buffer.from(`${new Date(time).toISOString().replace(/\D/g, '').slice(2, 14)}Z`));

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
