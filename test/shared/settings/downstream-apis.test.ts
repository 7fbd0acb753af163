import { describe, expect, it } from '@jest/globals';
import { problemsWith, settingsWith } from './environment.ts';

const GRAPH = { baseUrl: 'https://graph.microsoft.com/v1.0', scopes: ['User.Read'], allow: ['GET /me'] };
const json = (value: unknown) => ({ DOWNSTREAM_APIS: JSON.stringify(value) });
const graphWith = (changes: object) => json({ graph: { ...GRAPH, ...changes } });

describe('DOWNSTREAM_APIS', () => {
  it('gives the APIs by name', () => {
    const { downstreamApis } = settingsWith(json({ graph: GRAPH, 'echo-2': { ...GRAPH, allow: ['* /**'] } }));
    expect([...downstreamApis.keys()]).toEqual(['graph', 'echo-2']);
    expect(downstreamApis.get('graph')).toEqual({
      ...GRAPH,
      name: 'graph',
      token: 'user',
      session: 'required',
      allow: [{ method: 'GET', pattern: '/me' }],
      timeoutSeconds: 100,
      requestBytesMax: 104_857_600,
      requestHeaders: [],
      responseHeaders: [],
      redirectOrigins: [],
      stepUp: [],
    });
    expect(downstreamApis.get('echo-2')?.allow).toEqual([{ method: '*', pattern: '/**' }]);
  });

  it.each(['same-origin', 'same-origin-and-downloads'])('takes the safeMethods %s', (safeMethods) => {
    expect(settingsWith(graphWith({ safeMethods })).downstreamApis.get('graph')).toMatchObject({ safeMethods });
  });

  it.each(['', 'none', 'same-site', 'Same-Origin', 'x-csrf', true, null])(
    'refuses the safeMethods %j',
    (safeMethods) => {
      const problem = expect.stringMatching(/^graph\.safeMethods: must be /);
      expect(problemsWith(graphWith({ safeMethods }))).toEqual({ DOWNSTREAM_APIS: problem });
    },
  );

  it.each([
    ['https://graph.microsoft.com/v1.0/', 'https://graph.microsoft.com/v1.0'],
    ['https://graph.microsoft.com', 'https://graph.microsoft.com'],
    ['http://127.0.0.1:9000/', 'http://127.0.0.1:9000'],
    ['http://api.localhost:9000/a', 'http://api.localhost:9000/a'],
    ['http://[::1]:9000', 'http://[::1]:9000'],
  ])('takes the baseUrl %s', (baseUrl, expected) => {
    expect(settingsWith(graphWith({ baseUrl })).downstreamApis.get('graph')?.baseUrl).toBe(expected);
  });

  it.each(['GET /', 'POST /me/sendMail', 'PATCH /users/*/photo', 'GET /a/**', '* /**', 'DELETE /a%20b', 'HEAD /x:y@z'])(
    'takes the route %s',
    (route) => {
      const [method, pattern] = route.split(' ');
      expect(settingsWith(graphWith({ allow: [route] })).downstreamApis.get('graph')?.allow).toEqual([
        { method, pattern },
      ]);
    },
  );

  it.each([
    'get /me',
    'FETCH /me',
    'GET',
    'GET me',
    '/me',
    'GET /me x',
    'GET /me/',
    'GET //me',
    'GET /me/./x',
    'GET /me/../x',
    'GET /me/%2e%2e/x',
    'GET /me?x=1',
    'GET /me#x',
    'GET /a%2fb',
    'GET /a%2',
    'GET /**/me',
    'GET /me*',
    'GET /***',
  ])('refuses the route %s', (route) => {
    expect(problemsWith(graphWith({ allow: ['GET /me', route] }))).toEqual({
      DOWNSTREAM_APIS: expect.stringMatching(/^graph\.allow\[1\]: /),
    });
  });

  it.each([
    ['no JSON', { DOWNSTREAM_APIS: '{"graph":' }, 'is not JSON'],
    [
      'an API that is there twice, of which one would be without a word',
      { DOWNSTREAM_APIS: `{"graph":${JSON.stringify(GRAPH)},"gr\\u0061ph":${JSON.stringify(GRAPH)}}` },
      'names a member twice, of which only the last would count',
    ],
    [
      'a member that is there twice',
      { DOWNSTREAM_APIS: `{"graph":${JSON.stringify(GRAPH).replace('{', '{"allow":["GET /"],')}}` },
      'names a member twice, of which only the last would count',
    ],
    ['a list', json([GRAPH]), /^must be a JSON object/],
    ['null', json(null), /^must be a JSON object/],
    ['an API that is no object', json({ graph: 'x' }), 'graph: must be an object'],
    ['an API name in upper case', json({ Graph: GRAPH }), /^has an API whose name is not/],
    ['an API name with a slash', json({ 'a/b': GRAPH }), /^has an API whose name is not/],
    ['an API name of 33 characters', json({ ['a'.repeat(33)]: GRAPH }), /^has an API whose name is not/],
    ['an API that is a list', json({ graph: [] }), 'graph: must be an object'],
    ['an API that is null', json({ graph: null }), 'graph: must be an object'],
    ['an unknown member', graphWith({ alow: [] }), /^graph: has an unknown member \(alow\); known are/],
    ['no baseUrl', graphWith({ baseUrl: undefined }), 'graph.baseUrl: is missing'],
    ['a baseUrl that is no text', graphWith({ baseUrl: 1 }), 'graph.baseUrl: must be a text'],
    ['plain http over a network', graphWith({ baseUrl: 'http://graph.microsoft.com' }), /must be https/],
    ['a baseUrl with a query', graphWith({ baseUrl: 'https://a.com/?' }), /must not have a query/],
    ['a baseUrl with a fragment', graphWith({ baseUrl: 'https://a.com/#' }), /must not have a fragment/],
    ['a baseUrl with a user', graphWith({ baseUrl: 'https://u:p@a.com' }), /must not hold a user name/],
    ['no scopes', graphWith({ scopes: undefined }), 'graph.scopes: is missing'],
    ['empty scopes', graphWith({ scopes: [] }), 'graph.scopes: must have at least one scope'],
    ['scopes in one text', graphWith({ scopes: 'User.Read' }), 'graph.scopes: must be a list of scopes'],
    ['two scopes in one', graphWith({ scopes: ['a b'] }), /^graph\.scopes\[0\]: is not a scope/],
    ['no allow', graphWith({ allow: undefined }), 'graph.allow: is missing'],
    ['an empty allow', graphWith({ allow: [] }), 'graph.allow: must have at least one route'],
  ])('refuses %s', (_, changes, problem) => {
    expect(problemsWith(changes)).toEqual({
      DOWNSTREAM_APIS: typeof problem === 'string' ? problem : expect.stringMatching(problem),
    });
  });

  const DEFAULT_SCOPE = 'https://graph.microsoft.us/.default';

  it.each<[string, object]>([
    ['a token of the person’s for everything of a sovereign resource', { scopes: [DEFAULT_SCOPE] }],
    ['a token of the application’s', { token: 'application', scopes: [DEFAULT_SCOPE] }],
    ['a resource that ends in a slash', { token: 'application', scopes: ['https://a.example//.default'] }],
    ['no token', { token: 'none', scopes: undefined }],
    ['no token and no session', { token: 'none', session: 'none', scopes: undefined, allow: ['* /**'] }],
    ['the application’s without a session', { token: 'application', session: 'none', scopes: [DEFAULT_SCOPE] }],
  ])('takes %s', (_what, changes) => {
    const { token = 'user', session = 'required', scopes = [] } = changes as Record<string, unknown>;
    expect(settingsWith(graphWith(changes)).downstreamApis.get('graph')).toMatchObject({ token, session, scopes });
  });

  const OPEN = /^graph\.allow: must name each method, and no path by \*\*/;
  const ONE_DEFAULT = 'graph.scopes: must be the one scope /.default of a resource with "token": "application"';

  it.each<[string, object, string | RegExp]>([
    ['a token that is none of the three', { token: 'app' }, 'graph.token: must be user or application or none'],
    ['a session that is neither', { session: 'optional' }, 'graph.session: must be required or none'],
    ['a person’s token without a session', { session: 'none' }, /^graph\.session: may be none only with/],
    ['no token for scopes', { token: 'none' }, 'graph.scopes: must be left out with "token": "none"'],
    ['the application’s for a scope of people', { token: 'application' }, ONE_DEFAULT],
    ['the application’s for nothing', { token: 'application', scopes: undefined }, ONE_DEFAULT],
    ['the application’s for the default of no resource', { token: 'application', scopes: ['/.default'] }, ONE_DEFAULT],
    ['the application’s for two', { token: 'application', scopes: [DEFAULT_SCOPE, 'a/.default'] }, ONE_DEFAULT],
    [
      '.default beside other scopes',
      { scopes: ['User.Read', DEFAULT_SCOPE] },
      /^graph\.scopes: may have nothing beside/,
    ],
    [
      'a step-up of nobody',
      { token: 'none', session: 'none', scopes: undefined, stepUp: [{ routes: ['GET /me'], maxAgeSeconds: 300 }] },
      'graph.stepUp: must be left out with "session": "none": nobody would have signed in',
    ],
    ...['* /me', 'GET /**', 'GET /me/**'].map((route): [string, object, RegExp] => [
      `the application’s for anybody at ${route}`,
      { token: 'application', session: 'none', scopes: [DEFAULT_SCOPE], allow: ['GET /me', route] },
      OPEN,
    ]),
  ])('refuses %s', (_what, changes, problem) => {
    expect(problemsWith(graphWith(changes))).toEqual({
      DOWNSTREAM_APIS: typeof problem === 'string' ? problem : expect.stringMatching(problem),
    });
  });

  it('refuses scopes of several resources at Entra ID, which gives tokens for one at a time', () => {
    const of = (...scopes: string[]) => graphWith({ scopes });
    const several = { DOWNSTREAM_APIS: expect.stringMatching(/^graph\.scopes: must be of one resource/) };
    expect(problemsWith(of('api://a/x', 'api://b/x'))).toEqual(several);
    expect(problemsWith(of('api://a/x', 'api://a/b/x'))).toEqual(several);
    expect(problemsWith({ ...of('api://a/x', 'api://b/x'), AUTH_PROTOCOL: 'oidc' })).toEqual({});
    expect(problemsWith(of('openid', 'api://a/x', 'API://A/y'))).toEqual({});
    // A short name is of Microsoft Graph, as its long one is.
    expect(problemsWith(of('User.Read', 'https://graph.microsoft.com/Mail.Read'))).toEqual({});
  });

  it('leaves to an OP that keeps to the standard what scopes the application’s own token may have', () => {
    const own = (scopes?: readonly string[]) => ({
      AUTH_PROTOCOL: 'oidc',
      ...graphWith({ token: 'application', scopes }),
    });
    expect(settingsWith(own(['a.read', 'a.write'])).downstreamApis.get('graph')?.scopes).toEqual(['a.read', 'a.write']);
    expect(problemsWith(own())).toEqual({ DOWNSTREAM_APIS: 'graph.scopes: is missing' });
  });

  it('names what members say together beside what is wrong with others', () => {
    const problem = problemsWith(graphWith({ token: 'none', session: 'none', timeoutSeconds: 0 })).DOWNSTREAM_APIS;
    expect(problem).toMatch(/timeoutSeconds: .*; graph\.scopes: must be left out/);
  });

  it('takes limits, headers and origins that are named', () => {
    const more = {
      timeoutSeconds: 5,
      requestBytesMax: 1_024,
      requestHeaders: ['ConsistencyLevel'],
      responseHeaders: ['X-Request-Cost', 'server'],
      redirectOrigins: ['https://contoso.sharepoint.com'],
    };
    expect(settingsWith(graphWith(more)).downstreamApis.get('graph')).toMatchObject({
      ...more,
      requestHeaders: ['consistencylevel'],
      responseHeaders: ['x-request-cost', 'server'],
    });
  });

  it.each([
    ['timeoutSeconds', 0, 'must be at least 1'],
    ['timeoutSeconds', 201, 'must be at most 200'],
    ['timeoutSeconds', 1.5, 'must be a whole number'],
    ['timeoutSeconds', '5', 'must be a number'],
    ['requestBytesMax', 2 ** 40, 'must be at most 2147483648'],
    ['requestHeaders', 'prefer', 'must be a list of headers'],
    ['requestHeaders', ['a header'], '[0]: must be the name of a header'],
    ['redirectOrigins', ['https://a.com/path'], /^\[0\]: must be an origin only/],
  ] as const)('refuses %s of %j', (member, value, problem) => {
    const place = `graph.${member}`;
    const said = problemsWith(graphWith({ [member]: value })).DOWNSTREAM_APIS ?? '';
    expect(said.startsWith(place)).toBe(true);
    expect(said.slice(place.length).replace(/^: /, '')).toEqual(
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    );
  });

  it.each([
    ['requestHeaders', 'Cookie'],
    ['requestHeaders', 'authorization'],
    ['requestHeaders', 'host'],
    ['requestHeaders', 'transfer-encoding'],
    ['requestHeaders', 'x-forwarded-for'],
    ['requestHeaders', 'x-ms-client-principal'],
    ['requestHeaders', 'proxy-authorization'],
    ['requestHeaders', 'X-Real-IP'],
    ['requestHeaders', 'X-HTTP-Method-Override'],
    ['requestHeaders', 'x-http-method'],
    ['requestHeaders', 'x-method-override'],
    ['requestHeaders', 'X-Rewrite-URL'],
    ['responseHeaders', 'Set-Cookie'],
    ['responseHeaders', 'Alt-Svc'],
    ['responseHeaders', 'NEL'],
    ['responseHeaders', 'Report-To'],
    ['responseHeaders', 'reporting-endpoints'],
    ['responseHeaders', 'set-login'],
    ['responseHeaders', 'sec-session-registration'],
    ['responseHeaders', 'use-as-dictionary'],
    ['responseHeaders', 'www-authenticate'],
    ['responseHeaders', 'content-security-policy'],
    ['responseHeaders', 'access-control-allow-origin'],
    ['responseHeaders', 'connection'],
  ])('lets nobody add to %s the header %s', (member, name) => {
    expect(problemsWith(graphWith({ [member]: [name] })).DOWNSTREAM_APIS).toBe(
      `graph.${member}[0]: is a header that is never let through`,
    );
  });

  it('names all that is wrong with all APIs', () => {
    const problem = problemsWith(json({ a: { ...GRAPH, baseUrl: 'x', allow: ['me'] }, b: { ...GRAPH, scopes: [] } }));
    expect(problem.DOWNSTREAM_APIS).toMatch(/a\.baseUrl: .*; a\.allow\[0\]: .*; b\.scopes: /);
  });

  it('does not print an unknown member or an API name that may be a secret', () => {
    const secret = 'aB3-x9~Secret.In.The.Wrong.Place';
    const parsed = problemsWith(json({ [secret]: { [secret]: secret }, graph: { ...GRAPH, [secret]: secret } }));
    expect(parsed.DOWNSTREAM_APIS).toMatch(/unknown member/);
    expect(parsed.DOWNSTREAM_APIS).not.toContain('aB3');
  });
});
