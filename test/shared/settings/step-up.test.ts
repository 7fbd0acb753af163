import { describe, expect, it } from '@jest/globals';
import { mayAskForMore } from '../../../shared/settings/step-up.ts';
import { problemsWith, settingsWith } from './environment.ts';

const GRAPH = {
  baseUrl: 'https://graph.microsoft.com/v1.0',
  scopes: ['User.Read'],
  allow: ['GET /me', 'GET /me/**', 'POST /me/messages'],
};
const RULE = { routes: ['POST /me/messages'], acrs: ['c1'], maxAgeSeconds: 300 };
const graphWith = (stepUp: unknown, more: object = {}) => ({
  DOWNSTREAM_APIS: JSON.stringify({ graph: { ...GRAPH, ...more, stepUp } }),
});
const graphOf = (stepUp: unknown) => settingsWith(graphWith(stepUp)).downstreamApis.get('graph');
/** Entra ID has 99; here are as many as nobody needs. */
const MANY = Array.from({ length: 60 }, (_, index) => `c${index + 1}`);

describe('stepUp of an API', () => {
  it('says which routes ask for what', () => {
    const routes = [{ method: 'POST', pattern: '/me/messages' }];
    expect(graphOf([RULE])?.stepUp).toEqual([{ routes, acrs: ['c1'], maxAgeSeconds: 300 }]);
    expect(graphOf([{ routes: RULE.routes, acrs: ['c1', 'c2'] }])?.stepUp).toEqual([
      { routes, acrs: ['c1', 'c2'], maxAgeSeconds: null },
    ]);
    expect(graphOf([{ routes: RULE.routes, maxAgeSeconds: 60 }])?.stepUp).toEqual([
      { routes, acrs: [], maxAgeSeconds: 60 },
    ]);
  });

  it.each(
    [['GET /me/messages'], ['* /me/messages'], ['GET /**'], ['HEAD /me'], ['DELETE /me/*', 'GET /me']].slice(0, 4),
  )('may be a part of what is allowed, or more: %s', (route) => {
    expect(graphOf([{ ...RULE, routes: [route] }])?.stepUp[0]?.routes).toHaveLength(1);
  });

  it.each(['urn:mace:incommon:iap:silver', 'http://schemas.openid.net/pape/policies/2007/06/multi-factor', 'phr', '2'])(
    'takes the authentication context %s',
    (acr) => {
      expect(graphOf([{ ...RULE, acrs: [acr] }])?.stepUp[0]?.acrs).toEqual([acr]);
    },
  );

  it.each<[string, unknown, string | RegExp]>([
    ['no list', RULE, 'graph.stepUp: must be a list of rules'],
    ['no rule', [], 'graph.stepUp: must have at least one rule'],
    ['a rule that is no object', ['POST /me'], 'graph.stepUp[0]: must be an object'],
    ['an unknown member', [{ ...RULE, acr: 'c1' }], /^graph\.stepUp\[0\]: has an unknown member \(acr\); known are /],
    ['no routes', [{ acrs: ['c1'] }], 'graph.stepUp[0].routes: is missing'],
    ['empty routes', [{ ...RULE, routes: [] }], 'graph.stepUp[0].routes: must have at least one route'],
    ['a route that is none', [{ ...RULE, routes: ['me'] }], /^graph\.stepUp\[0\]\.routes\[0\]: must be a method/],
    ['nothing to ask for', [{ routes: RULE.routes }], 'graph.stepUp[0]: must ask for acrs, maxAgeSeconds or both'],
    ['empty acrs', [{ ...RULE, acrs: [] }], 'graph.stepUp[0].acrs: must have at least one authentication context'],
    ['acrs in one text', [{ ...RULE, acrs: 'c1' }], 'graph.stepUp[0].acrs: must be a list of authentication contexts'],
    [
      'two contexts in one',
      [{ ...RULE, acrs: ['c1 c2'] }],
      /^graph\.stepUp\[0\]\.acrs\[0\]: must be an authentication/,
    ],
    ['a context with quotes', [{ ...RULE, acrs: ['"c1"'] }], /^graph\.stepUp\[0\]\.acrs\[0\]: must be/],
    ['a huge context', [{ ...RULE, acrs: ['c'.repeat(65)] }], /^graph\.stepUp\[0\]\.acrs\[0\]: must be/],
    ['an age in a text', [{ ...RULE, maxAgeSeconds: '300' }], 'graph.stepUp[0].maxAgeSeconds: must be a number'],
    [
      'an age that nobody can meet',
      [{ ...RULE, maxAgeSeconds: 59 }],
      'graph.stepUp[0].maxAgeSeconds: must be at least 60',
    ],
    ['an age of years', [{ ...RULE, maxAgeSeconds: 1e9 }], /^graph\.stepUp\[0\]\.maxAgeSeconds: must be at most/],
    ['half a second', [{ ...RULE, maxAgeSeconds: 60.5 }], 'graph.stepUp[0].maxAgeSeconds: must be a whole number'],
    [
      'more contexts than a session can keep',
      [{ ...RULE, acrs: MANY }],
      'asks for more authentication contexts in stepUp than a session can keep',
    ],
  ])('is refused with %s', (_what, stepUp, problem) => {
    const said = typeof problem === 'string' ? problem : expect.stringMatching(problem);
    expect(problemsWith(graphWith(stepUp))).toEqual({ DOWNSTREAM_APIS: said });
  });

  it.each(['POST /me/message', 'PUT /me/messages', 'GET /you', 'POST /'])(
    'is refused with a route that nothing allows, which would protect nothing: %s',
    (route) => {
      const rules = [RULE, { ...RULE, routes: ['GET /me', route] }];
      const problem = 'graph.stepUp[1].routes[1]: is a route that allow has no part of';
      expect(problemsWith(graphWith(rules))).toEqual({ DOWNSTREAM_APIS: problem });
    },
  );

  it('is known of every allowed route that it may mean, in part or whole', () => {
    const api = graphOf([{ ...RULE, routes: ['GET /me/messages'] }]);
    if (!api) throw new Error('no API');
    expect(api.allow.map((route) => mayAskForMore(api, route))).toEqual([false, true, false]);
  });

  it('counts the contexts of all APIs, since one session keeps them all', () => {
    const half = (from: number) => ({ ...GRAPH, stepUp: [{ ...RULE, acrs: MANY.slice(from, from + 30) }] });
    const environment = { DOWNSTREAM_APIS: JSON.stringify({ a: half(0), b: half(30) }) };
    expect(problemsWith(environment).DOWNSTREAM_APIS).toMatch(/more authentication contexts/);
    expect(problemsWith({ DOWNSTREAM_APIS: JSON.stringify({ a: half(0), b: half(0) }) })).toEqual({});
  });
});

describe('stepUp with AUTH_PROTOCOL=oidc, where an ID token vouches for one context', () => {
  const problemOf = (stepUp: unknown, protocol = 'oidc') =>
    problemsWith({ ...graphWith(stepUp), AUTH_PROTOCOL: protocol }).DOWNSTREAM_APIS;
  const SEVERAL = /^graph\.stepUp: asks a call for several acrs/;

  it('is refused where a rule asks for several', () => {
    expect(problemOf([{ ...RULE, acrs: ['phr', 'phrh'] }])).toMatch(SEVERAL);
    expect(problemOf([{ ...RULE, acrs: ['phr', 'phrh'] }], 'entra')).toBeUndefined();
  });

  it('is refused where two rules ask the same call for two', () => {
    const rules = [
      { routes: ['GET /me/**'], acrs: ['phr'] },
      { routes: ['GET /me/*'], acrs: ['phrh'] },
    ];
    expect(problemOf(rules)).toMatch(SEVERAL);
    expect(problemOf(rules, 'entra')).toBeUndefined();
  });

  it('may ask different calls for different ones, and one call for one by several rules', () => {
    const rules = [
      { routes: ['GET /me/a'], acrs: ['phr'] },
      { routes: ['GET /me/*'], maxAgeSeconds: 300 },
      { routes: ['GET /me/a/**'], acrs: ['phr'], maxAgeSeconds: 60 },
      { routes: ['GET /me/b'], acrs: ['phrh'] },
    ];
    expect(problemOf(rules)).toBeUndefined();
  });
});

describe('requestHeaders of an API', () => {
  const TRUSTED_PROXY = 'X-Azure-FDID: 11111111-2222-3333-4444-555555555555';
  const naming = (...requestHeaders: string[]) => ({
    DOWNSTREAM_APIS: JSON.stringify({ graph: { ...GRAPH, requestHeaders } }),
  });

  it('never name the header by which the proxy proves itself: the API would be told its secret', () => {
    const own = 'X-Front-Door: 11111111-2222-3333-4444-555555555555';
    const problem = 'graph.requestHeaders: names the header by which the proxy of TRUSTED_PROXY proves itself';
    expect(problemsWith({ ...naming('Prefer', 'x-FRONT-door'), TRUSTED_PROXY: own })).toEqual({
      DOWNSTREAM_APIS: problem,
    });
    expect(problemsWith({ ...naming('Prefer'), TRUSTED_PROXY })).toEqual({});
    expect(problemsWith(naming('X-Front-Door'))).toEqual({});
  });
});
