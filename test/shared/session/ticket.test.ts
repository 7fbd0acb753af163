import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accountKey } from '../../../shared/account/account-key.ts';
import { indexKey } from '../../../shared/account/index-key.ts';
import { makeSessionId } from '../../../shared/account/session-record.ts';
import { NO_HINTS } from '../../../shared/oidc/authorization-url.ts';
import { openTicket, type SessionTicket, sealTicket } from '../../../shared/session/ticket.ts';
import { attemptCookieName, sealAttempt, startAttempt } from '../../../shared/signin/attempt.ts';
import type { LocalPath } from '../../../shared/signin/return-to.ts';
import { createTestAmbient } from '../../support/ambient.ts';
import { testKeyring } from '../../support/keyring.ts';

const ambient = createTestAmbient();
const keyring = testKeyring(['k1'], ambient);

function ticketOf(homeAccountId: string): SessionTicket {
  return {
    account: accountKey(homeAccountId, 'client-1'),
    sessionId: makeSessionId(ambient.randomBytes),
    secret: 'a secret of the cookie alone',
    tombstone: indexKey('client-1', 'https://op.example', { kind: 'sid', value: 'sid-1' }),
  };
}

describe('a session cookie', () => {
  it('opens to what was sealed', () => {
    const ticket = ticketOf('alice.contoso');
    expect(openTicket(keyring, sealTicket(keyring, ticket))).toEqual(ticket);
  });

  it('shows neither account nor secret, and is made of characters that a cookie may hold', () => {
    const cookie = sealTicket(keyring, ticketOf('alice.contoso'));
    expect(cookie).toMatch(/^[A-Za-z0-9_-]+$/);
    const bytes = Buffer.from(cookie, 'base64url').toString('latin1');
    for (const secret of ['alice', 'client-1', 'a secret']) expect(bytes).not.toContain(secret);
  });

  it('opens for the longest account key that there is', () => {
    const ticket = ticketOf('a'.repeat(503));
    expect(ticket.account).toHaveLength(512);
    expect(openTicket(keyring, sealTicket(keyring, ticket))).toEqual(ticket);
  });

  it('knows for which APIs somebody signed in, and is none the worse for an older one that does not', () => {
    const apis = Array.from({ length: 10 }, (_, at) => `${at}`.repeat(32));
    const ticket = { ...ticketOf('a'.repeat(503)), apis };
    expect(openTicket(keyring, sealTicket(keyring, ticket))).toEqual(ticket);
    expect(openTicket(keyring, sealTicket(keyring, ticketOf('alice.contoso')))).not.toHaveProperty('apis');
  });

  it.each([
    ['empty', ''],
    ['plain text', 'alice'],
    ['JSON', '["alice~client-1","x","y","z"]'],
    [
      'of the right form',
      Buffer.concat([Buffer.from([1, 2]), Buffer.from('k1'), Buffer.alloc(80)]).toString('base64url'),
    ],
    ['huge', 'A'.repeat(1_000_000)],
    ['a byte that base64url lacks', `${sealTicket(keyring, ticketOf('alice'))}=`],
  ])('that is %s is refused', (_, cookie) => {
    expect(openTicket(keyring, cookie)).toBeNull();
  });

  it('is refused whatever a stranger puts into it', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.uint8Array().map(base64url)),
        (cookie) => {
          expect(openTicket(keyring, cookie)).toBeNull();
        },
      ),
    );
  });

  it('is refused after any one byte was changed', () => {
    const bytes = Buffer.from(sealTicket(keyring, ticketOf('alice')), 'base64url');
    bytes.forEach((byte, at) => {
      const altered = Buffer.from(bytes);
      altered[at] = byte ^ 1;
      expect(openTicket(keyring, base64url(altered))).toBeNull();
    });
  });

  it('of another application, with keys of its own, is refused', () => {
    expect(openTicket(keyring, sealTicket(testKeyring(['other']), ticketOf('alice')))).toBeNull();
  });

  it('is not the cookie of a sign-in attempt, though both are sealed here', () => {
    const wishes = { returnTo: '/' as LocalPath, scopes: [], replaces: null, hints: NO_HINTS, again: false };
    const attempt = startAttempt(ambient, wishes);
    expect(attemptCookieName(attempt.state)).not.toBe('__Host-session');
    expect(openTicket(keyring, sealAttempt(keyring, attempt))).toBeNull();
  });
});

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
