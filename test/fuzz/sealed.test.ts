import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accountKey } from '../../shared/account/account-key.ts';
import { indexKey } from '../../shared/account/index-key.ts';
import { makeSessionId } from '../../shared/account/session-record.ts';
import { openWork, parseWorkMessage, sealWork } from '../../shared/durable/work-message.ts';
import { NO_HINTS } from '../../shared/oidc/authorization-url.ts';
import type { Keyring, SealPlace } from '../../shared/seal/keyring.ts';
import { openTicket, sealTicket } from '../../shared/session/ticket.ts';
import { attemptCookieName, crowdedOut, openAttempt, sealAttempt, startAttempt } from '../../shared/signin/attempt.ts';
import type { LocalPath } from '../../shared/signin/return-to.ts';
import { SIGN_OUT_WORK } from '../../shared/signout/retry-message.ts';
import { createTestAmbient } from '../support/ambient.ts';
import { testKeyring } from '../support/keyring.ts';
import { anyText } from './support/arbitraries.ts';

const MANY = { numRuns: 1_000 };
const ambient = createTestAmbient();
const keyring = testKeyring(['k1', 'k2'], ambient);
const ticket = {
  account: accountKey('alice.contoso', 'client-1'),
  sessionId: makeSessionId(ambient.randomBytes),
  secret: 'secret-1',
  tombstone: indexKey('client-1', 'https://op.example', { kind: 'sid', value: 'sid-1' }),
};
const attempt = startAttempt(ambient, {
  returnTo: '/' as LocalPath,
  scopes: ['openid'],
  replaces: ticket,
  hints: NO_HINTS,
  again: false,
});
const signOut = { kind: 'target', index: ticket.tombstone, door: 'own', receivedAt: 1, scope: 'account' } as const;
const attemptName = attemptCookieName(attempt.state);

/** What travels or waits outside as text, sealed: as it is made, and whether a text opens. */
const SEALED_TEXTS: readonly (readonly [string, string, (by: Keyring, text: string) => boolean])[] = [
  ['a session cookie', sealTicket(keyring, ticket), (by, text) => openTicket(by, text) !== null],
  ["an attempt's cookie", sealAttempt(keyring, attempt), (by, text) => openAttempt(by, attemptName, text) !== null],
  [
    'a message of the retry queue',
    sealWork(keyring, SIGN_OUT_WORK, signOut),
    (by, text) => openWork(by, SIGN_OUT_WORK, text).outcome === 'opened',
  ],
];

/** One thing that somebody without a key can do to a text. */
const textMeddling: fc.Arbitrary<(text: string) => string> = fc.oneof(
  fc.nat().map((at) => (text: string) => text.slice(0, at % text.length)),
  fc.tuple(fc.nat(), anyText(8, 1)).map(([at, more]) => (text: string) => {
    const from = at % (text.length + 1);
    return text.slice(0, from) + more + text.slice(from);
  }),
  fc.tuple(fc.nat(), anyText(1, 1)).map(([at, unit]) => (text: string) => {
    const from = at % text.length;
    return text.slice(0, from) + unit + text.slice(from + 1);
  }),
  fc.constant((text: string) => text + text),
  fc.constant((text: string) => [...text].reverse().join('')),
);

const byteMeddling: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc.oneof(
  fc.nat().map((at) => (bytes: Uint8Array) => bytes.subarray(0, at % bytes.length)),
  fc.nat().map((bit) => (bytes: Uint8Array) => {
    const at = (bit >> 3) % bytes.length;
    return bytes.map((byte, index) => (index === at ? byte ^ (1 << (bit & 7)) : byte));
  }),
  fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 20 })).map(([at, more]) => (bytes: Uint8Array) => {
    const from = at % (bytes.length + 1);
    return Uint8Array.from([...bytes.subarray(0, from), ...more, ...bytes.subarray(from)]);
  }),
);

describe.each(SEALED_TEXTS)('%s', (_, sealed, opens) => {
  it('opens as it was made', () => expect(opens(keyring, sealed)).toBe(true));

  it('opens after no change of its bytes', () => {
    const bytes = Buffer.from(sealed, 'base64url');
    fc.assert(
      fc.property(byteMeddling, (meddle) => {
        const changed = Buffer.from(meddle(bytes));
        expect(opens(keyring, changed.toString('base64url'))).toBe(changed.equals(bytes));
      }),
      MANY,
    );
  });

  it('is never what a stranger makes up', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText(200),
          fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
        ),
        (text) => {
          expect(opens(keyring, text)).toBe(false);
        },
      ),
      MANY,
    );
  });

  it('opens for no other application and under no other keys', () => {
    expect(opens(testKeyring(['k1', 'k2'], ambient, 'fabrikam'), sealed)).toBe(false);
    expect(opens(testKeyring(['k2'], ambient), sealed)).toBe(false);
  });

  it('opens in the place of no other', () => {
    for (const [, other] of SEALED_TEXTS) expect(opens(keyring, other)).toBe(other === sealed);
  });
});

it.each(SEALED_TEXTS.slice(0, 2))(
  '%s opens after no change of its text, not even one that leaves its bytes alone',
  (_, sealed, opens) => {
    fc.assert(
      fc.property(textMeddling, (meddle) => {
        const text = meddle(sealed);
        expect(opens(keyring, text)).toBe(text === sealed);
      }),
      MANY,
    );
  },
);

describe('what is sealed here and says nothing that we know, as a later version may', () => {
  const content = fc.json({ maxDepth: 2 });
  const sealedFor = (place: SealPlace, text: string) =>
    Buffer.from(keyring.seal(place, Buffer.from(text))).toString('base64url');

  it('is no session cookie, and no exception', () => {
    const place = { purpose: 'session-cookie', subject: '', location: ['__Host-session'] } as const;
    fc.assert(
      fc.property(fc.oneof(content, anyText(20)), (text) => {
        expect(openTicket(keyring, sealedFor(place, text))).toBeNull();
      }),
    );
  });

  it("is no attempt's cookie, and no exception", () => {
    const place = { purpose: 'signin-cookie', subject: '', location: [attemptName] } as const;
    fc.assert(
      fc.property(fc.oneof(content, anyText(20)), (text) => {
        expect(openAttempt(keyring, attemptName, sealedFor(place, text))).toBeNull();
      }),
    );
  });
});

describe('a value moved', () => {
  const part = fc.oneof(fc.constantFrom('accounts', 'sids', 'account', '', 'alice~c', 'alice', '~c'), anyText(6));
  const place: fc.Arbitrary<SealPlace> = fc.record({
    purpose: fc.constantFrom('session-cookie', 'signin-cookie', 'session', 'cache', 'lease', 'signout-retry'),
    subject: part,
    location: fc.array(part, { maxLength: 4 }),
  });

  it('to any other purpose, session, table, account, row or property opens there never', () => {
    fc.assert(
      fc.property(place, place, fc.uint8Array({ maxLength: 20 }), (from, to, plaintext) => {
        const same = JSON.stringify(from) === JSON.stringify(to);
        const sealed = keyring.seal(from, plaintext);
        expect(keyring.open(to, sealed).outcome).toBe(same ? 'opened' : 'forged');
        expect(keyring.open(from, sealed).outcome).toBe('opened');
      }),
      MANY,
    );
  });
});

describe('the attempt cookies of a browser', () => {
  it('make way whatever they hold', () => {
    const cookies = fc.dictionary(anyText(6), anyText(40), { maxKeys: 10 });
    fc.assert(
      fc.property(cookies, (named) => {
        const held = new Map(Object.entries(named).map(([name, value]) => [`__Host-signin-${name}`, value]));
        expect(crowdedOut(keyring, held, ambient.now(), 0).sort()).toEqual([...held.keys()].sort());
      }),
    );
  });
});

describe('a message of the retry queue', () => {
  it('is read, or is none, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), anyText(40), fc.json()), (message) => {
        const parsed = parseWorkMessage(message);
        if (parsed !== null) expect(openWork(keyring, SIGN_OUT_WORK, parsed.sealed).outcome).not.toBe('opened');
      }),
      MANY,
    );
  });
});
