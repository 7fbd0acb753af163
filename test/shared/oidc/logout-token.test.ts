import { describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, type JWK } from 'jose';
import { checkLogoutToken, type LogoutTokenExpectations } from '../../../shared/oidc/logout-token.ts';
import { OWN_KEYS, publicJwk, STRANGER_KEYS, signParts } from '../../hostile/support/forge.ts';
import { TEST_EPOCH } from '../../support/ambient.ts';

const NOW_SECONDS = TEST_EPOCH / 1_000;
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const EXPECTED: LogoutTokenExpectations = {
  issuer: 'https://op.example/v2.0',
  clientId: 'client-1',
  tenants: [],
  algorithms: ['RS256'],
  mayLack: [],
  now: TEST_EPOCH,
};
const CLAIMS = {
  iss: EXPECTED.issuer,
  aud: EXPECTED.clientId,
  sid: 'sid-1',
  iat: NOW_SECONDS - 5,
  exp: NOW_SECONDS + 115,
  jti: 'jti-1',
  events: { [LOGOUT_EVENT]: {} },
};
const NAMED_SID = { kind: 'sid', value: 'sid-1' };
const [RSA, EC] = OWN_KEYS;
const KEYS = createLocalJWKSet({ keys: OWN_KEYS.map(publicJwk) as JWK[] });

type Changes = Readonly<Record<string, unknown>>;
const check = (
  { claims = {}, header = {} }: { readonly claims?: Changes; readonly header?: Changes },
  expected: Partial<LogoutTokenExpectations> = {},
  key = RSA as (typeof OWN_KEYS)[number],
) =>
  checkLogoutToken(
    signParts({ header: { typ: 'logout+jwt', ...header }, claims: { ...CLAIMS, ...claims } }, key),
    KEYS,
    { ...EXPECTED, ...expected },
  );
const refused = (reason: string) => ({ outcome: 'invalid', reason });

describe('a logout token (Back-Channel Logout 1.0 section 2.4)', () => {
  it('with a sid names an OP session', async () => {
    expect(await check({})).toMatchObject({ outcome: 'valid', named: NAMED_SID });
  });

  it('with a sub alone names a person', async () => {
    const checked = await check({ claims: { sid: undefined, sub: 'sub-1' } });
    expect(checked).toMatchObject({ outcome: 'valid', named: { kind: 'sub', value: 'sub-1' } });
  });

  it('with both names the OP session alone', async () => {
    expect(await check({ claims: { sub: 'sub-1' } })).toMatchObject({ outcome: 'valid', named: NAMED_SID });
  });

  it('may come with claims and members that we do not know', async () => {
    const claims = {
      aud: ['client-1'],
      toe: NOW_SECONDS,
      extra: { deep: [1] },
      events: { [LOGOUT_EVENT]: { a: 1 }, 'urn:x': 1 },
    };
    expect(await check({ claims })).toMatchObject({ outcome: 'valid' });
  });

  it.each([
    ['iss', 'missing', undefined],
    ['iss', "another OP's", 'https://evil.example/v2.0'],
    ['iss', 'nearly ours', `${EXPECTED.issuer}/`],
    ['iss', 'ours in a list', [EXPECTED.issuer]],
    ['aud', 'missing', undefined],
    ['aud', "another application's", 'client-2'],
    ['aud', 'ours beside one that we do not trust', ['client-1', 'client-2']],
    ['aud', 'nobody', []],
    ['iat', 'missing', undefined],
    ['iat', 'no number', `${NOW_SECONDS}`],
    ['iat', 'in the future beyond the skew', NOW_SECONDS + 3],
    ['iat', 'before there was time', -1e300],
    ['iat', 'never', 1e308],
    ['exp', 'missing', undefined],
    ['exp', 'no number', `${NOW_SECONDS + 60}`],
    ['jti', 'missing', undefined],
    ['jti', 'empty', ''],
    ['jti', 'no text', 7],
    ['events', 'missing', undefined],
    ['events', 'null', null],
    ['events', 'a list', [LOGOUT_EVENT]],
    ['events', 'the name alone', LOGOUT_EVENT],
    ['events', 'without the member', {}],
    ['events', 'of another kind', { 'https://schemas.openid.net/secevent/caep/event-type/session-revoked': {} }],
    ['events', 'with a member that is null', { [LOGOUT_EVENT]: null }],
    ['events', 'with a member that is a list', { [LOGOUT_EVENT]: [] }],
    ['events', 'with a member that is true', { [LOGOUT_EVENT]: true }],
    ['nonce', 'there', 'nonce-1'],
    ['nonce', 'there, though empty', ''],
    ['nonce', 'there, though null', null],
  ])('is refused with %s %s', async (claim, _what, value) => {
    expect(await check({ claims: { [claim]: value } })).toEqual(refused(`claim-${claim}`));
  });

  it.each([
    ['neither', { sid: undefined }],
    ['an empty sid', { sid: '' }],
    ['an empty sid beside a sub', { sid: '', sub: 'sub-1' }],
    ['an empty sub beside a sid', { sub: '' }],
    ['a sid that is null, beside a sub', { sid: null, sub: 'sub-1' }],
    ['a sid that is a number', { sid: 1 }],
    ['a sub that is a list', { sid: undefined, sub: ['sub-1'] }],
    ['a sid longer than any', { sid: 's'.repeat(513) }],
    ['a sub longer than any', { sid: undefined, sub: 's'.repeat(513) }],
  ])('is refused where of sid and sub it has %s', async (_what, claims) => {
    expect(await check({ claims })).toEqual(refused('claim-sid-sub'));
  });

  it('is refused once it has expired, but for what clocks may differ', async () => {
    const of = (exp: number) => check({ claims: { iat: exp - 60, exp } });
    expect(await of(NOW_SECONDS - 1)).toMatchObject({ outcome: 'valid' });
    expect(await of(NOW_SECONDS - 3)).toEqual(refused('ERR_JWT_EXPIRED'));
  });

  it('is refused before its time (nbf)', async () => {
    expect(await check({ claims: { nbf: NOW_SECONDS + 3 } })).toEqual(refused('claim-nbf'));
  });
});

describe('the signature and the type of a logout token (sections 2.4 and 2.6)', () => {
  it.each(['logout+jwt', 'application/logout+jwt', 'LOGOUT+JWT'])('is taken with the typ %s', async (typ) => {
    expect(await check({ header: { typ } })).toMatchObject({ outcome: 'valid' });
  });

  it.each([undefined, null, '', 'JWT', 'at+jwt', 'logout', 'secevent+jwt', 'text/logout+jwt'])(
    'is refused with the typ %j',
    async (typ) => expect(await check({ header: { typ } })).toEqual(refused('claim-typ')),
  );

  it('is refused under an algorithm that is not configured, though the OP has a key for it', async () => {
    expect(await check({}, {}, EC)).toEqual(refused('ERR_JOSE_ALG_NOT_ALLOWED'));
    expect(await check({}, { algorithms: ['ES256'] }, EC)).toMatchObject({ outcome: 'valid' });
  });

  it.each(['none', 'HS256'])('is refused with the alg %s', async (alg) => {
    expect(await check({ header: { alg } })).toEqual(refused('ERR_JOSE_ALG_NOT_ALLOWED'));
  });

  it('is refused where somebody else signed it', async () => {
    expect(await check({}, {}, STRANGER_KEYS[0])).toEqual(refused('ERR_JWS_SIGNATURE_VERIFICATION_FAILED'));
  });

  it('is refused where it asks for something that we do not know (crit)', async () => {
    expect(await check({ header: { crit: ['x'], x: 1 } })).toMatchObject({ outcome: 'invalid' });
  });

  it('leaves it open where the keys cannot be read', async () => {
    const unreachable = () => Promise.reject(new TypeError('fetch failed'));
    const token = signParts({ header: { typ: 'logout+jwt' }, claims: CLAIMS }, RSA);
    expect(await checkLogoutToken(token, unreachable, EXPECTED)).toMatchObject({ outcome: 'op-unavailable' });
  });
});

describe('an ID token', () => {
  const ID_TOKEN = { nonce: 'nonce-1', sub: 'sub-1', jti: undefined, events: undefined };

  it.each([[[]], [['typ']], [['exp', 'typ']]] as const)(
    'is no logout token, whatever one may lack: %j',
    async (mayLack) => {
      for (const typ of [undefined, 'JWT', 'logout+jwt']) {
        const checked = await check({ header: { typ }, claims: ID_TOKEN }, { mayLack });
        expect(checked.outcome).toBe('invalid');
      }
    },
  );

  it('that has events and a jti besides is none, for its nonce', async () => {
    const claims = { ...CLAIMS, nonce: 'nonce-1' };
    expect(await check({ header: { typ: 'JWT' }, claims }, { mayLack: ['typ'] })).toEqual(refused('claim-nonce'));
  });
});

describe('a logout token of an OP that leaves things out', () => {
  it.each([undefined, 'JWT', 'logout+jwt'])('may lack the typ where it is set so: %s', async (typ) => {
    expect(await check({ header: { typ } }, { mayLack: ['typ'] })).toMatchObject({ outcome: 'valid' });
    expect((await check({ header: { typ } }, { mayLack: ['exp'] })).outcome).toBe(
      typ === 'logout+jwt' ? 'valid' : 'invalid',
    );
  });

  it.each(['at+jwt', 'secevent+jwt', '', null, 1])('is refused with a wrong typ all the same: %j', async (typ) => {
    expect(await check({ header: { typ } }, { mayLack: ['typ'] })).toEqual(refused('claim-typ'));
  });

  it('may lack the exp where it is set so, and is then good for ten minutes', async () => {
    const of = (iat: number, mayLack: readonly ('exp' | 'typ')[] = ['exp']) =>
      check({ claims: { exp: undefined, iat } }, { mayLack });
    expect(await of(NOW_SECONDS - 600)).toMatchObject({ outcome: 'valid' });
    expect(await of(NOW_SECONDS - 601)).toEqual(refused('claim-iat'));
    expect(await of(NOW_SECONDS, ['typ'])).toEqual(refused('claim-exp'));
  });

  it('is held to the exp that it has', async () => {
    const claims = { iat: NOW_SECONDS - 60, exp: NOW_SECONDS - 30 };
    expect(await check({ claims }, { mayLack: ['exp', 'typ'] })).toEqual(refused('ERR_JWT_EXPIRED'));
    expect(await check({ claims: { exp: null } }, { mayLack: ['exp'] })).toEqual(refused('claim-exp'));
  });
});

describe('a logout token at an OP whose issuer is a template', () => {
  const template = { issuer: 'https://op.example/{tenantid}/v2.0', tenants: [TENANT] };
  const issuedAt = (iss: string) => check({ claims: { iss } }, template);

  it('is taken from a tenant that is let in', async () => {
    expect(await issuedAt(`https://op.example/${TENANT}/v2.0`)).toMatchObject({ outcome: 'valid' });
  });

  it.each([
    'https://op.example/11111111-2222-3333-4444-555555555555/v2.0',
    'https://op.example/{tenantid}/v2.0',
    'https://op.example//v2.0',
    `https://evil.example/${TENANT}/v2.0`,
    `https://op.example/${TENANT}/v1.0`,
    TENANT,
  ])('is refused from %s', async (iss) => {
    expect(await issuedAt(iss)).toEqual(refused('claim-iss'));
  });

  it('is refused from everywhere while no tenant is let in', async () => {
    const claims = { iss: `https://op.example/${TENANT}/v2.0` };
    expect(await check({ claims }, { ...template, tenants: [] })).toEqual(refused('claim-iss'));
  });
});

describe('when a sign-out by a logout token counts from', () => {
  const asOf = async (iat: number, now = TEST_EPOCH) => {
    const checked = await check({ claims: { iat } }, { now });
    return checked.outcome === 'valid' ? checked.asOf - TEST_EPOCH : checked;
  };

  it('is the end of the second of its iat, because OPs cut it: what began in that second was before', async () => {
    expect(await asOf(NOW_SECONDS - 5)).toBe(-4_001);
    expect(await asOf(NOW_SECONDS - 5 + 0.25)).toBe(-4_001);
  });

  it.each([-2_000, 0, 300, 60_000])('is the same whenever it comes in, also %i ms from its iat', async (later) => {
    expect(await asOf(NOW_SECONDS, TEST_EPOCH + later)).toBe(999);
  });
});
