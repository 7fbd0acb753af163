import { createPublicKey, type KeyObject, sign } from 'node:crypto';

const SEQUENCE = 0x30;
const SET = 0x31;
const SHA256_WITH_RSA = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');

/** A self-signed certificate (X.509 version 1, RFC 5280) in PEM, so that no private key has to lie in the repository. */
export function selfSignedPem(privateKey: KeyObject, commonName = 'exeunt test'): string {
  const text = der(0x0c, Buffer.from(commonName));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, text)));
  const validity = der(SEQUENCE, utcTime('260101000000Z'), utcTime('360101000000Z'));
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const toBeSigned = der(SEQUENCE, der(0x02, Buffer.from([1])), SHA256_WITH_RSA, name, validity, name, publicKey);
  const signature = der(0x03, Buffer.from([0]), sign('sha256', toBeSigned, privateKey));
  const base64 = der(SEQUENCE, toBeSigned, SHA256_WITH_RSA, signature).toString('base64');
  return ['-----BEGIN CERTIFICATE-----', ...(base64.match(/.{1,64}/g) ?? []), '-----END CERTIFICATE-----', ''].join(
    '\n',
  );
}

const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text));

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
