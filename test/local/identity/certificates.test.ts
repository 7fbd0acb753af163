import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthority } from '../../../local/identity/certificates.ts';

const [authority, foreign] = [createAuthority(Date.now()), createAuthority(Date.now())];
const issued = authority.issue('localhost');

let server: Server;
beforeAll(async () => {
  server = createServer(issued);
  await once(server.listen(0, 'localhost'), 'listening');
});
afterAll(() => void server.close());

/** The error of a client that trusts this authority and no other; null for none. */
async function refusal(ca: string, servername = 'localhost'): Promise<string | null> {
  const { port } = server.address() as { port: number };
  const socket: TLSSocket = connect({ port, host: 'localhost', servername, ca });
  try {
    await once(socket, 'secureConnect');
    return null;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  } finally {
    socket.destroy();
  }
}

describe('an authority of this machine', () => {
  it('vouches for a server to who trusts it, and to nobody else, and for no other name', async () => {
    expect(await refusal(authority.certificate)).toBeNull();
    expect(await refusal(foreign.certificate)).toMatch(/UNABLE_TO_|CERT_SIGNATURE_FAILURE|SELF_SIGNED/);
    expect(await refusal(authority.certificate, 'elsewhere.localhost')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('is one, which what it has issued is not', () => {
    const [ca, leaf] = [new X509Certificate(authority.certificate), new X509Certificate(issued.cert)];
    expect([ca.ca, leaf.ca]).toEqual([true, false]);
    expect([leaf.verify(ca.publicKey), leaf.checkIssued(ca)]).toEqual([true, true]);
    expect(leaf.subjectAltName).toBe('DNS:localhost');
    expect(new X509Certificate(authority.issue('127.0.0.1').cert).checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(new Date(ca.validTo).getTime() - Date.now()).toBeLessThan(31 * 86_400_000);
  });
});
