import fc from 'fast-check';
import type { TokenScene } from './door.ts';
import { signParts, type TokenParts } from './forge.ts';
import type { Sent } from './ground.ts';
import { ownKey, withClaims, withHeader, word } from './hostile-token.ts';
import { type Attack, type AttackClass, DONE_AGAIN_CALLS_MAX } from './siege.ts';
import { telling } from './telling.ts';
import { aroundGood, withToken } from './token-siege.ts';

export interface OperatorRequest {
  wrap(token: string): Sent;
  /** What `wrap` sends it to. */
  readonly path: string;
  /** Of that the person's name. */
  readonly segment: string;
  readonly method: 'GET' | 'POST';
  readonly by: 'account' | 'user';
}

/** What only an operator's route can be sent. */
export function operatorClasses(request: OperatorRequest): Record<string, AttackClass<TokenScene>> {
  const { wrap } = request;
  return {
    'no role': { status: 403, cases: changedClaims(roles).map((one) => withToken({ wrap, known: [ROLE] }, one)) },
    'no access token': { status: 401, cases: foreignKinds.map((one) => withToken(request, one)) },
    'no sub, or of another form': { status: 401, cases: changedClaims(subs).map((one) => withToken(request, one)) },
    'token elsewhere': { status: 401, cases: elsewhere(request).map(aroundGood) },
    'Authorization several times, or malformed': {
      status: 401,
      cases: authorizations.map(({ what, of }) =>
        aroundGood({ what, wrap: (token) => ({ ...wrap(token), headers: { authorization: of(token) } }) }),
      ),
    },
    'a path that names nobody': { status: 400, cases: unreadableIds.map((id) => named(request, id)) },
    'a path that names somebody else': {
      // Nobody of that name stands. Where it is to be signed out, a sign-in under way may be theirs: a tombstone refuses it.
      status: 404,
      keeps: request.method === 'POST' ? 'accounts' : 'everything',
      storageCallsMax: DONE_AGAIN_CALLS_MAX,
      cases: otherIds(request).map((id) => named(request, id)),
    },
  };
}

const ROLE = 'Exeunt.Operator';
const roles = fc
  .oneof(
    fc.constantFrom<unknown>(
      undefined,
      null,
      ROLE,
      true,
      1,
      {},
      { [ROLE]: true },
      [],
      [[ROLE]],
      [ROLE, 1],
      [ROLE, null],
    ),
    fc
      .constantFrom(`${ROLE} `, ` ${ROLE}`, ROLE.toLowerCase(), `${ROLE}s`, `${ROLE}\0`, `${ROLE},x`, '*')
      .map((one) => [one]),
    fc.array(word, { minLength: 1, maxLength: 5 }),
    word.map((one) => [`${ROLE}.${one}`, one]),
  )
  .chain((value) =>
    fc.constantFrom<TokenParts['claims']>({}, { scp: ROLE }, { role: ROLE }, { wids: [ROLE] }).map((beside) => ({
      roles: value,
      ...beside,
    })),
  );

const subs = fc
  .tuple(fc.constantFrom<unknown>(undefined, null, '', 0, true, [], ['someone'], {}), word)
  .map(([sub, beside]) => ({ sub, beside }));

const changedClaims = (changes: fc.Arbitrary<TokenParts['claims']>) =>
  fc.record({ signer: ownKey, changes }).map(({ signer, changes: changed }) => ({
    what: JSON.stringify(changed),
    forge: (good: TokenParts) => signParts(withClaims(good, changed), signer),
  }));

/** Everything else that an OP signs for the same audience. */
const foreignKinds = fc
  .record({
    signer: ownKey,
    value: word,
    kind: fc.oneof(
      fc.constantFrom('nonce', 'at_hash', 'c_hash', 'events', 'cnf').map((claim) => ({ claim })),
      fc.constantFrom<TokenParts['claims']>(
        { azp: undefined },
        { azp: null },
        { azp: '' },
        { azpacr: undefined },
        { azpacr: '' },
        { azpacr: 1, scp: [] },
        { azpacr: undefined, azp: undefined, nonce: 'n' },
      ),
    ),
  })
  .map(({ signer, value, kind }) => {
    const changes = 'claim' in kind ? { [String(kind.claim)]: value } : { ...kind, beside: value };
    return {
      what: JSON.stringify(changes),
      forge: (good: TokenParts) => signParts(withHeader(withClaims(good, changes), { typ: 'JWT' }), signer),
    };
  });

function elsewhere({ wrap, path }: OperatorRequest) {
  const ways: Record<string, (token: string, name: string) => Partial<Sent>> = {
    query: (token, name) => ({ target: `${path}?${name}=${token}` }),
    form: (token, name) => ({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `${name}=${token}`,
    }),
    cookie: (token, name) => ({ headers: { cookie: `${name}=${token}` } }),
    'another header': (token, name) => ({
      headers: { [`x-${name}`]: `Bearer ${token}`, 'proxy-authorization': token },
    }),
    'the name of a person': (token) => ({ headers: { authorization: `Basic ${btoa(`operator:${token}`)}` } }),
  };
  return fc
    .record({
      way: fc.constantFrom(...Object.keys(ways)),
      name: fc.oneof(fc.constantFrom('access_token', 'authorization', 'token'), word),
    })
    .map(({ way, name }) => ({
      what: `${way}, ${name}`,
      wrap: (token: string): Sent => ({ ...wrap(''), headers: {}, ...ways[way]?.(token, name) }),
    }));
}

/** Several headers of a name come as one, joined by a comma (RFC 9110 section 5.3). */
const authorizations = fc.oneof(
  word.map((other) => ({
    what: `another before: ${other}`,
    of: (token: string) => `Bearer ${other}, Bearer ${token}`,
  })),
  word.map((other) => ({ what: `another after: ${other}`, of: (token: string) => `Bearer ${token}, Bearer ${other}` })),
  word.map((other) => ({ what: `with ${other} after`, of: (token: string) => `Bearer ${token} ${other}` })),
  word.map((other) => ({ what: `of scheme ${other}`, of: (token: string) => `${other} ${token}` })),
  fc.constantFrom(
    { what: 'twice', of: (token: string) => `Bearer ${token}, Bearer ${token}` },
    { what: 'no scheme', of: (token: string) => token },
    { what: 'no token', of: () => 'Bearer' },
    { what: 'quoted', of: (token: string) => `Bearer "${token}"` },
    { what: 'a tab', of: (token: string) => `Bearer\t${token}` },
    { what: 'no blank', of: (token: string) => `Bearer${token}` },
    { what: 'a parameter', of: (token: string) => `Bearer token=${token}` },
    { what: 'DPoP', of: (token: string) => `DPoP ${token}` },
    { what: 'a comma', of: (token: string) => `Bearer ${token},` },
    { what: 'escaped', of: (token: string) => `Bearer %20${token}` },
  ),
);

/** A good token, and somebody else's name in the path. */
function named({ wrap, path, segment }: OperatorRequest, id: string): Attack<TokenScene> {
  const attack = aroundGood({
    what: id.length > 60 ? `${id.slice(0, 60)}…, ${id.length} characters` : id,
    wrap: (token) => ({ ...wrap(token), target: path.replace(segment, () => id) }),
  });
  return {
    ...attack,
    make(scene) {
      const { sent, secrets } = attack.make(scene);
      return { sent, secrets: [...secrets, ...telling([id])] };
    },
  };
}

const unreadableIds = fc.oneof(
  fc.constantFrom('', '%', '%%', '%zz', '%ff', '%c0%ae', '%ed%a0%80', '%f8%a1%a1%a1%a1', '%e2%82'),
  word.map((one) => `${one}%`),
  word.map((one) => `%ff${one}`),
  word.map((one) => `${one}%c0%af${one}`),
  fc.integer({ min: 1_025, max: 8_192 }).map((characters) => 'a'.repeat(characters)),
  fc.integer({ min: 1_025, max: 2_048 }).map((characters) => '%61'.repeat(characters)),
);

/** Case tells people apart by their home account id, and not by object id: that is a GUID. */
const otherIds = ({ segment, by }: OperatorRequest) =>
  fc.oneof(
    word,
    word.map((one) => `${segment}${one}`),
    word.map((one) => `${one}${segment}`),
    fc.nat(segment.length - 1).map((from) => `${segment.slice(0, from)}${segment.slice(from + 1)}` || 'x'),
    fc
      .constantFrom('%00', '%20', '%0a', '%25', '%2f', '%2e%2e%2f', "'", '*', '%e2%80%8b', '=0020')
      .chain((odd) => fc.constantFrom(`${segment}${odd}`, `${odd}${segment}`)),
    fc.constantFrom(
      encodeURIComponent(encodeURIComponent(segment.replace('.', '%2e').replace('-', '%2d'))),
      `${segment}~client-1`,
      by === 'account' ? segment.toUpperCase() : `{${segment}}`,
      '%27%20or%20PartitionKey%20ne%20%27',
    ),
  );
