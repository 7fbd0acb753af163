import { describe, expect, it } from '@jest/globals';
import { NO_HINTS } from '../../../shared/oidc/authorization-url.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { resourceOf } from '../../../shared/settings/resource.ts';
import type { Attempt } from '../../../shared/signin/attempt.ts';
import { redeemedScopes, signinScopes } from '../../../shared/signin/scopes-kept.ts';
import { testApplication } from '../../support/application.ts';
import { downstreamApi } from '../../support/downstream-api.ts';

const BASE = ['openid', 'profile', 'offline_access'];
const APIS = {
  mail: ['api://mail/Mail.Read'],
  files: ['api://files/Read', 'api://files/Write'],
  all: ['https://graph.microsoft.us/.default'],
};
const downstreamApis = new Map([
  ...Object.entries(APIS).map(([name, scopes]) => [name, downstreamApi({ name, scopes })] as const),
  ...Array.from({ length: 12 }, (_, at) => [`many-${at}`, downstreamApi({ name: `many-${at}` })] as const),
  ['long', downstreamApi({ name: 'long', scopes: ['x'.repeat(600)] })],
  ['own', downstreamApi({ name: 'own', token: 'application', scopes: ['api://own/.default'] })],
]);
const OWN = ['api://app/x'];

type Wishes = Partial<Parameters<typeof signinScopes>[1]>;
const scopesAt = (protocol: 'entra' | 'oidc', wishes: Wishes, before?: readonly string[], scopes = OWN) => {
  const { op } = testApplication({ protocol, scopes }).application.settings;
  const replaces = before === undefined ? null : ({ apis: before } as unknown as SessionTicket);
  const attempt = signinScopes({ op, downstreamApis }, { hints: NO_HINTS, ...wishes }, replaces);
  const { scopes: asked, apis } = attempt;
  const redeems = redeemedScopes({ op, downstreamApis }, attempt as Attempt);
  return { asked, redeems, ...(apis && { apis }) };
};

describe('a sign-in at Entra ID', () => {
  it('asks for what every sign-in asks for, and redeems the code for it', () => {
    expect(scopesAt('entra', {})).toEqual({ asked: [...BASE, ...OWN], redeems: [...BASE, ...OWN] });
  });

  it('for an API asks for its scopes too, and redeems the code for those alone', () => {
    expect(scopesAt('entra', { api: 'mail' })).toEqual({
      asked: [...BASE, ...OWN, ...APIS.mail],
      redeems: [...BASE, ...APIS.mail],
      apis: ['mail'],
    });
  });

  it('asks for .default of an API beside nothing else', () => {
    expect(scopesAt('entra', { api: 'all' })).toMatchObject({ asked: [...BASE, ...APIS.all] });
    expect(scopesAt('entra', { api: 'mail' }, [], ['api://app/.default'])).toMatchObject({
      asked: [...BASE, ...APIS.mail],
    });
  });

  it('never redeems a code for two resources', () => {
    const { asked, redeems } = scopesAt('entra', {}, [], ['api://a/x', 'api://b/y', 'api://a/z']);
    expect(asked).toEqual([...BASE, 'api://a/x', 'api://b/y', 'api://a/z']);
    expect(new Set(redeems.filter((scope) => !BASE.includes(scope)).map(resourceOf))).toEqual(new Set(['api://a']));
  });

  it('with no scope of any API asks for none', () => {
    expect(scopesAt('entra', {}, [], [])).toEqual({ asked: BASE, redeems: BASE });
  });

  it('for an API that is sent another token asks for none of its scopes', () => {
    expect(scopesAt('entra', { api: 'own' })).toEqual({ asked: [...BASE, ...OWN], redeems: [...BASE, ...OWN] });
  });
});

describe('a sign-in for one API after those for others', () => {
  it('asks elsewhere for theirs again: its refresh token serves what it was asked for', () => {
    const asked = [...BASE, ...OWN, ...APIS.files, ...APIS.mail];
    expect(scopesAt('oidc', { api: 'files' }, ['mail'])).toEqual({ asked, redeems: asked, apis: ['mail', 'files'] });
  });

  it('remembers them at Entra ID, whose refresh token serves all that was consented to', () => {
    expect(scopesAt('entra', { api: 'files' }, ['mail'])).toEqual({
      asked: [...BASE, ...OWN, ...APIS.files],
      redeems: [...BASE, ...APIS.files],
      apis: ['mail', 'files'],
    });
  });

  it.each<[string, Wishes]>([
    ['claims', { hints: { ...NO_HINTS, claims: '{"id_token":{"acr":null}}' } }],
    ['a step-up', { stepUp: { acrs: ['c1'], maxAgeSeconds: null } }],
  ])('goes on where it is for %s', (_what, wishes) => {
    expect(scopesAt('oidc', wishes, ['mail']).asked).toEqual([...BASE, ...OWN, ...APIS.mail]);
  });

  it('starts from nothing where it is for none: it may be somebody else’s', () => {
    const asked = [...BASE, ...OWN];
    expect(scopesAt('oidc', {}, ['mail'])).toEqual({ asked, redeems: asked });
  });

  it('forgets those that are no more, knows each once, and not more than ten', () => {
    expect(scopesAt('oidc', { api: 'mail' }, ['gone', 'own', 'mail']).apis).toEqual(['mail']);
    expect(scopesAt('oidc', { api: 'mail' }, ['files', 'files']).apis).toEqual(['files', 'mail']);
    const many = Array.from({ length: 12 }, (_, at) => `many-${at}`);
    expect(scopesAt('oidc', { api: 'mail' }, many).apis).toEqual([...many.slice(-9), 'mail']);
  });

  it('keeps the latest of those whose scopes are more than a cookie holds', () => {
    expect(scopesAt('oidc', { api: 'mail' }, ['files', 'long', 'all']).apis).toEqual(['all', 'mail']);
    expect(scopesAt('oidc', { api: 'mail' }, ['long', 'files']).apis).toEqual(['files', 'mail']);
  });
});
