import { describe, expect, it } from '@jest/globals';
import { interpret } from '../../../shared/security-events/interpret.ts';
import type { SecurityEventsSettings } from '../../../shared/settings/settings.ts';
import { TEST_EPOCH } from '../../support/ambient.ts';
import { CAEP, RISC, type SetClaims, SSF, setClaims } from '../../support/transmitter.ts';

const NOW = TEST_EPOCH;
const SECONDS = NOW / 1_000;
const ALL: SecurityEventsSettings['subjects'] = ['iss_sub', 'email', 'complex'];
const ALICE = { format: 'iss_sub', iss: 'https://op.example', sub: 'alice' };
const SESSION = { format: 'opaque', id: 'sid-1' };
const ADDRESS = { format: 'email', email: 'Alice@Contoso.Example' };

const named = (kind: string, value: string, iss: string | null = null) => ({ named: { kind, value, iss } });
const alice = named('sub', 'alice', ALICE.iss);

function interpreted(type: string, changes: SetClaims = {}, payload: SetClaims = {}, believed = ALL) {
  const claims = setClaims(NOW, type, { sub_id: ALICE, ...changes }, payload);
  return interpret(claims as unknown as Parameters<typeof interpret>[0], believed, NOW);
}

describe('the type of an event', () => {
  it.each([
    [`${CAEP}session-revoked`, 'session'],
    [`${CAEP}credential-change`, 'account'],
    [`${RISC}sessions-revoked`, 'account'],
    [`${RISC}account-disabled`, 'account'],
    [`${RISC}account-purged`, 'account'],
    [`${RISC}credential-compromise`, 'account'],
  ])('%s ends the %s', (type, ends) => {
    expect(interpreted(type)).toEqual({ outcome: 'ends', ends, asOf: NOW, ...alice });
  });

  it.each(['revoke', 'update', 'delete', 'rotate', undefined])(
    'a credential change %j ends the account',
    (change_type) => {
      expect(interpreted(`${CAEP}credential-change`, {}, { change_type })).toMatchObject({ ends: 'account' });
    },
  );

  it.each([
    [`${CAEP}credential-change`, { change_type: 'create' }, 'credential-created'],
    [`${SSF}verification`, { state: 'any' }, 'verification'],
    [`${SSF}stream-updated`, { status: 'paused' }, 'stream-updated'],
    [`${RISC}account-enabled`, {}, 'event-type'],
    [`${CAEP}device-compliance-change`, {}, 'event-type'],
    ['session-revoked', {}, 'event-type'],
    ['__proto__x', {}, 'event-type'],
  ])('%s %j ends nothing', (type, payload, reason) => {
    expect(interpreted(type, {}, payload)).toEqual({ outcome: 'ignored', reason });
  });

  it('asks for no subject where nothing ends by it', () => {
    expect(interpreted(`${SSF}verification`, { sub_id: undefined })).toMatchObject({ outcome: 'ignored' });
  });

  it('of several in one token, what any of them ends, ends', () => {
    const events = { [`${CAEP}session-revoked`]: {}, [`${RISC}sessions-revoked`]: {}, 'https://unknown.example': {} };
    expect(interpreted('', { events })).toMatchObject({ ends: 'account' });
  });
});

describe('the time of an event', () => {
  const asOf = (changes: SetClaims, payload: SetClaims = {}) => {
    const result = interpreted(`${CAEP}session-revoked`, changes, payload);
    return 'asOf' in result ? result.asOf : result;
  };

  it('is its event_timestamp, else the toe, else the iat', () => {
    const [iat, toe] = [SECONDS - 10, SECONDS - 60];
    expect(asOf({ iat, toe }, { event_timestamp: SECONDS - 300 })).toBe(NOW - 300_000);
    expect(asOf({ iat, toe })).toBe(NOW - 60_000);
    expect(asOf({ iat })).toBe(NOW - 10_000);
  });

  it('is read in seconds, with a fraction, and in the milliseconds of older drafts', () => {
    expect(asOf({}, { event_timestamp: SECONDS - 0.5 })).toBe(NOW - 500);
    expect(asOf({}, { event_timestamp: NOW - 300_000 })).toBe(NOW - 300_000);
  });

  it.each([SECONDS + 86_400, NOW + 86_400_000, Number.MAX_VALUE, Number.POSITIVE_INFINITY])(
    'is never later than it came in: %d',
    (event_timestamp) => expect(asOf({}, { event_timestamp })).toBe(NOW),
  );

  it.each(['1764000000', -1, true, {}])('is none: %j', (event_timestamp) => {
    expect(asOf({}, { event_timestamp })).toEqual({ outcome: 'malformed', reason: 'event_timestamp' });
  });

  it('of several events is the latest', () => {
    const at = (seconds: number) => ({ event_timestamp: SECONDS - seconds });
    expect(asOf({ events: { [`${CAEP}session-revoked`]: at(60), [`${RISC}sessions-revoked`]: at(30) } })).toBe(
      NOW - 30_000,
    );
  });
});

describe('the subject of an event', () => {
  const of = (sub_id: unknown, type = `${CAEP}session-revoked`, believed = ALL) =>
    interpreted(type, { sub_id }, {}, believed);

  it("is a person by the OP's sub, or by address in any case", () => {
    expect(of(ALICE)).toMatchObject(alice);
    expect(of(ADDRESS)).toMatchObject(named('email', 'alice@contoso.example'));
  });

  it('may stand in the event, as older transmitters have it, or the same in both', () => {
    const type = `${CAEP}session-revoked`;
    expect(interpreted(type, { sub_id: undefined }, { subject: ALICE })).toMatchObject(alice);
    expect(interpreted(type, {}, { subject: { sub: 'alice', iss: ALICE.iss, format: 'iss_sub' } })).toMatchObject(
      alice,
    );
    expect(interpreted(type, {}, { subject: { ...ALICE, sub: 'bob' } })).toMatchObject({ reason: 'subjects-differ' });
  });

  it.each([
    ['none', undefined],
    ['without a format', {}],
    ['of a format that is no text', { format: 1 }],
    ['iss_sub without sub', { format: 'iss_sub', iss: 'https://op.example' }],
    ['iss_sub without iss', { format: 'iss_sub', sub: 'alice' }],
    ['iss_sub with an empty sub', { ...ALICE, sub: '' }],
    ['no address', { format: 'email', email: 'alice' }],
    ['a complex one with a user that is text', { format: 'complex', user: 'alice' }],
    ['a complex one with a session without an id', { format: 'complex', user: ALICE, session: { format: 'opaque' } }],
  ])('is malformed: %s', (_what, sub_id) => {
    expect(of(sub_id)).toEqual({ outcome: 'malformed', reason: 'subject' });
  });

  it.each([
    [{ format: 'opaque', id: 'sid-1' }],
    [{ format: 'aliases', identifiers: [ALICE] }],
    [{ format: 'phone_number', phone_number: '+12065550100' }],
    [{ format: 'complex' }],
    [{ format: 'complex', tenant: { format: 'opaque', id: 'contoso' } }],
    [{ format: 'complex', device: ALICE, group: ALICE }],
    [{ format: 'complex', user: { format: 'complex', user: ALICE } }],
  ])('names nobody whom we know: %j', (sub_id) => {
    expect(of(sub_id)).toEqual({ outcome: 'ignored', reason: 'subject-format' });
  });

  it.each([
    [ALICE, ['email', 'complex']],
    [ADDRESS, ['iss_sub', 'complex']],
    [{ format: 'complex', user: ALICE }, ['iss_sub', 'email']],
    [{ format: 'complex', user: ADDRESS }, ['iss_sub', 'complex']],
  ] as const)('is not believed where its format is not: %j', (sub_id, believed) => {
    expect(of(sub_id, undefined, [...believed])).toEqual({ outcome: 'ignored', reason: 'subject-format' });
  });

  it('in parts is the session where one was revoked, else the person', () => {
    const sub_id = { format: 'complex', user: ALICE, session: SESSION, device: SESSION };
    expect(of(sub_id)).toMatchObject({ ends: 'session', ...named('sid', 'sid-1') });
    expect(of(sub_id, `${RISC}account-disabled`)).toMatchObject({ ends: 'account', ...alice });
  });

  it('in parts is what there is of the two', () => {
    const bySession = { format: 'complex', session: { ...ALICE, sub: 'sid-2' } };
    expect(of(bySession, `${RISC}account-disabled`)).toMatchObject(named('sid', 'sid-2', ALICE.iss));
    expect(of({ format: 'complex', user: ALICE, device: SESSION })).toMatchObject(alice);
    expect(of({ format: 'complex', user: ADDRESS, session: { format: 'jwt_id' } })).toMatchObject(
      named('email', 'alice@contoso.example'),
    );
  });
});
