import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Transmitter, verifySet } from '../../../shared/security-events/security-event-token.ts';
import { TEST_EPOCH } from '../../support/ambient.ts';
import { generateSigningKey, type SigningKey } from '../../support/signing-op.ts';
import {
  CAEP,
  type SetClaims,
  setClaims,
  signSet,
  TRANSMITTER_AUDIENCE,
  testTransmitter,
} from '../../support/transmitter.ts';

const ALGORITHMS = ['ES256', 'RS256'];
const NOW = TEST_EPOCH;
const SECONDS = NOW / 1_000;

let transmitter: Transmitter;
let key: SigningKey;
beforeAll(async () => {
  ({ transmitter, key } = await testTransmitter());
});

const good = (changes: SetClaims = {}) => setClaims(NOW, `${CAEP}session-revoked`, changes);
const verify = (token: string) => verifySet(token, transmitter, ALGORITHMS, NOW);
const verifyClaims = async (changes: SetClaims, header: Record<string, unknown> = {}) =>
  verify(await signSet(good(changes), key, header));
const refused = (err: string) => expect.objectContaining({ outcome: 'refused', err });
const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

describe('a security event token (RFC 8417)', () => {
  it('is verified by its signature, and gives its claims', async () => {
    const subject = { format: 'iss_sub', iss: 'https://op.example', sub: 'alice' };
    expect(await verifyClaims({ sub_id: subject, toe: SECONDS - 5, txn: 't-1', extra: true })).toMatchObject({
      outcome: 'verified',
      set: { iat: SECONDS, toe: SECONDS - 5, sub_id: subject, events: { [`${CAEP}session-revoked`]: {} } },
    });
  });

  it.each([
    ['with several audiences, ours among them', { aud: ['https://other.example', TRANSMITTER_AUDIENCE] }],
    ['a year old: what it ends is as old', { iat: SECONDS - 365 * 86_400 }],
    ['from a clock that is half a minute ahead', { iat: SECONDS + 30 }],
    ['with a time that has a fraction', { iat: SECONDS - 0.5 }],
  ])('is good %s', async (_what, changes) => {
    expect(await verifyClaims(changes)).toMatchObject({ outcome: 'verified' });
  });

  it.each([
    ['section 2.2: no iss', { iss: undefined }, 'invalid_request'],
    ['section 2.2: no iat', { iat: undefined }, 'invalid_request'],
    ['section 2.2: no jti', { jti: undefined }, 'invalid_request'],
    ['section 2.2: an empty jti', { jti: '' }, 'invalid_request'],
    ['section 2.2: a jti that is no string', { jti: 7 }, 'invalid_request'],
    ['section 2.2: no events', { events: undefined }, 'invalid_request'],
    ['section 2.2: no event in them', { events: {} }, 'invalid_request'],
    ['section 2.2: events in a list', { events: [{}] }, 'invalid_request'],
    ['section 2.2: events that are no object', { events: `${CAEP}session-revoked` }, 'invalid_request'],
    ['section 2.2: an event that is no object', { events: { [`${CAEP}session-revoked`]: true } }, 'invalid_request'],
    ['section 2.2: an event that is null', { events: { [`${CAEP}session-revoked`]: null } }, 'invalid_request'],
    ['section 2.2: a toe that is no time', { toe: 'yesterday' }, 'invalid_request'],
    ['RFC 9493 section 4.1: a sub_id that is no object', { sub_id: 'alice' }, 'invalid_request'],
    ['an iat that is no time', { iat: 'now' }, 'invalid_request'],
    ['an iat before all time', { iat: -1 }, 'invalid_request'],
    ['an iat an hour ahead', { iat: SECONDS + 3_600 }, 'invalid_request'],
    ['an nbf that is to come', { nbf: SECONDS + 60 }, 'invalid_request'],
    ['SSF 1.0 section 4.1.7: an exp, to come', { exp: SECONDS + 60 }, 'invalid_request'],
    ['SSF 1.0 section 4.1.7: an exp, past', { exp: SECONDS - 60 }, 'invalid_request'],
    ['SSF 1.0 section 4.1.2: a sub', { sub: 'alice' }, 'invalid_request'],
    ['another issuer', { iss: 'https://evil.example' }, 'invalid_issuer'],
    ["the issuer's name with a slash", { iss: 'https://events.example/' }, 'invalid_issuer'],
    ['no audience', { aud: undefined }, 'invalid_audience'],
    ['another audience', { aud: 'https://other.example' }, 'invalid_audience'],
    ['no audience in the list', { aud: [] }, 'invalid_audience'],
  ])('is refused: %s', async (_what, changes, err) => {
    expect(await verifyClaims(changes)).toEqual(refused(err));
  });

  it.each([undefined, 'JWT', 'logout+jwt', 'at+jwt', ''])(
    'is refused by any other typ (section 2.3): %j',
    async (typ) => {
      expect(await verifyClaims({}, { typ })).toEqual(refused('invalid_request'));
    },
  );

  it.each(['secevent+jwt', 'application/secevent+jwt', 'SECEVENT+JWT'])('is one as %j', async (typ) => {
    expect(await verifyClaims({}, { typ })).toMatchObject({ outcome: 'verified' });
  });

  it('is refused where it is signed by another key', async () => {
    const stranger = await generateSigningKey(key.kid);
    expect(await verify(await signSet(good(), stranger))).toEqual(refused('invalid_key'));
    const unknown = await generateSigningKey('transmitter-2');
    expect(await verify(await signSet(good(), unknown))).toEqual(refused('invalid_key'));
  });

  it('is refused where it is signed by nobody', async () => {
    const token = `${encode({ alg: 'none', typ: 'secevent+jwt' })}.${encode(good())}.`;
    expect(await verify(token)).toEqual(refused('invalid_key'));
  });

  it('is refused where the public key is its secret', async () => {
    const signed = `${encode({ alg: 'HS256', kid: key.kid, typ: 'secevent+jwt' })}.${encode(good())}`;
    const signature = createHmac('sha256', JSON.stringify(key.jwk)).update(signed).digest('base64url');
    expect(await verify(`${signed}.${signature}`)).toEqual(refused('invalid_key'));
  });

  it('is refused where a claim was changed under its signature', async () => {
    const [header, , signature] = (await signSet(good(), key)).split('.');
    const token = `${header}.${encode(good({ txn: 'changed' }))}.${signature}`;
    expect(await verify(token)).toEqual(refused('invalid_key'));
  });

  it.each(['', 'a', 'a.b.c', '..', '{}', 'a.b.c.d.e'])('is not %j', async (token) => {
    expect(await verify(token)).toEqual(refused('invalid_request'));
  });

  it('is refused where a member is there twice', async () => {
    const [header, , signature] = (await signSet(good(), key)).split('.');
    const twice = JSON.stringify(good()).replace('{', '{"iss":"https://evil.example",');
    expect(await verify(`${header}.${encode(twice)}.${signature}`)).toEqual(refused('invalid_request'));
  });

  it('cannot be judged while the keys cannot be had', async () => {
    const keys = () => Promise.reject(new TypeError('fetch failed'));
    const token = await signSet(good(), key);
    expect(await verifySet(token, { ...transmitter, keys }, ALGORITHMS, NOW)).toMatchObject({ outcome: 'unavailable' });
  });
});
