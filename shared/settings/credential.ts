import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Refuse, Schema } from './schema.ts';
import type { ClientCredential } from './settings.ts';
import { fromText } from './text-schema.ts';

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;
const ENCRYPTED = /BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/;
const PEM_LINE = /.{1,64}/g;
const MODULUS_BITS_MIN = 2_048;

interface PemBlock {
  readonly label: string;
  readonly pem: string;
}

/**
 * A private key and its certificate, then the chain if there is one, as PEM. App settings are one line, so line ends may be
 * written as `\n` or have become spaces; what comes out has proper lines, which MSAL's reader of certificates needs.
 *
 * @see RFC 7468
 */
export const clientCertificate: Schema<ClientCredential> = fromText((text, refuse) => {
  const none: ClientCredential = { kind: 'certificate', privateKeyPem: '', certificatesPem: '' };
  const blocks = [...text.replace(/\\[rn]/g, '\n').matchAll(PEM_BLOCK)].map(readBlock);
  if (ENCRYPTED.test(text)) {
    refuse('holds an encrypted private key: it must be in the clear');
    return none;
  }
  const [keyBlock, ...otherKeyBlocks] = blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'));
  const certificateBlocks = blocks.filter(({ label }) => label === 'CERTIFICATE');
  if (!keyBlock) refuse('holds no private key in PEM form');
  if (otherKeyBlocks.length > 0) refuse('holds more than one private key');
  if (certificateBlocks.length === 0) refuse('holds no certificate in PEM form');

  const privateKey = keyBlock && readPrivateKey(keyBlock, refuse);
  const certificates = certificateBlocks.map((block, index) => readCertificate(block, index, refuse));
  if (!privateKey || !certificates[0]) return none;
  if (!certificates[0].checkPrivateKey(privateKey))
    refuse('holds a private key that is not that of its first certificate');
  return {
    kind: 'certificate',
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatesPem: certificates.join(''),
  };
});

function readBlock([, label = '', body = '']: RegExpMatchArray): PemBlock {
  const lines = body.replace(/\s+/g, '').match(PEM_LINE) ?? [];
  return { label, pem: [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n') };
}

/** MSAL signs client assertions as PS256 (or RS256) only, and refuses a shorter key when the first token is asked for. */
function readPrivateKey({ pem }: PemBlock, refuse: Refuse): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (key.asymmetricKeyType !== 'rsa' || bits < MODULUS_BITS_MIN) {
      refuse(`holds a private key that is not RSA of at least ${MODULUS_BITS_MIN} bits`);
      return undefined;
    }
    return key;
  } catch {
    refuse('holds a private key that cannot be read');
    return undefined;
  }
}

function readCertificate({ pem }: PemBlock, index: number, refuse: Refuse): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    refuse(`holds a certificate (number ${index + 1}) that cannot be read`);
    return undefined;
  }
}
