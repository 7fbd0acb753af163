import { describe, expect, it } from '@jest/globals';
import type { OpMetadata } from '../../../shared/oidc/metadata.ts';
import { parseFrontChannel } from '../../../shared/signout/front-channel.ts';

const METADATA: OpMetadata = {
  issuer: 'https://op.example/v2.0',
  authorization_endpoint: 'https://op.example/authorize',
  token_endpoint: 'https://op.example/token',
  jwks_uri: 'https://op.example/keys',
};
const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const parse = (query: string, issuer = METADATA.issuer) =>
  parseFrontChannel(new URLSearchParams(query), { ...METADATA, issuer });

describe('a front-channel logout request', () => {
  it("names an OP session, in Entra ID's dialect", () => {
    expect(parse('sid=sid-1')).toEqual({ kind: 'sid', sid: 'sid-1' });
  });

  it("names an OP session, in the standard's dialect", () => {
    expect(parse('iss=https://op.example/v2.0&sid=sid-1')).toEqual({ kind: 'sid', sid: 'sid-1' });
  });

  it.each(['', 'sid=', 'sid=a&sid=b', `sid=${'a'.repeat(513)}`, 'iss=https://op.example/v2.0', 'other=1'])(
    'names nobody with %j',
    (query) => expect(parse(query)).toEqual({ kind: 'nobody' }),
  );

  it.each([
    'https://evil.example',
    'https://op.example/v2.0/',
    'https://op.example',
    'HTTPS://op.example/v2.0',
    '',
    'https://op.example/v2.0&iss=https://op.example/v2.0',
  ])('is not ours with the issuer %j', (iss) => {
    expect(parse(`sid=sid-1&iss=${iss}`)).toEqual({ kind: 'foreign-issuer' });
  });
});

describe('a front-channel logout request at an OP whose issuer is a template', () => {
  const template = 'https://op.example/{tenantid}/v2.0';

  it('is ours for any tenant, since the sid decides', () => {
    expect(parse(`sid=s&iss=https://op.example/${TENANT}/v2.0`, template)).toEqual({ kind: 'sid', sid: 's' });
  });

  it.each([
    `https://op.example/${TENANT}`,
    'https://op.example/v2.0',
    'https://op.example//v2.0',
    'https://op.example/{tenantid}/v2.0',
    `https://op.example/${TENANT}/x/v2.0`,
    `https://evil.example/${TENANT}/v2.0`,
    `https://op.example.evil.example/${TENANT}/v2.0`,
  ])('is not ours with the issuer %j', (iss) => {
    expect(parse(`sid=s&iss=${iss}`, template)).toEqual({ kind: 'foreign-issuer' });
  });
});
