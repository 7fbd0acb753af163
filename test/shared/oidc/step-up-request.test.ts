import { describe, expect, it } from '@jest/globals';
import { NO_HINTS } from '../../../shared/oidc/authorization-url.ts';
import { stepUpParameters } from '../../../shared/oidc/step-up-request.ts';
import { OP_METADATA } from '../../support/application.ts';

const ask = (
  stepUp: { acrs?: readonly string[]; maxAgeSeconds?: number },
  protocol: 'entra' | 'oidc' = 'entra',
  { hints = {}, takesClaims }: { hints?: Partial<typeof NO_HINTS>; takesClaims?: boolean } = {},
) => {
  const metadata = { ...OP_METADATA, ...(takesClaims !== undefined && { claims_parameter_supported: takesClaims }) };
  const asked = { acrs: [], maxAgeSeconds: null, ...stepUp };
  const { claims, ...rest } = stepUpParameters(asked, protocol, metadata, { ...NO_HINTS, ...hints });
  return { ...rest, ...(claims !== undefined && { claims: JSON.parse(claims) }) };
};

describe('a step-up at Entra ID', () => {
  it('asks for an authentication context in the form that is documented', () => {
    expect(ask({ acrs: ['c1'] })).toEqual({ claims: { id_token: { acrs: { essential: true, value: 'c1' } } } });
  });

  it('asks for several by their list', () => {
    expect(ask({ acrs: ['c1', 'c2'] })).toEqual({
      claims: { id_token: { acrs: { essential: true, values: ['c1', 'c2'] } } },
    });
  });

  it('has the person prove again who they are where an age is asked for, since no max_age is documented', () => {
    expect(ask({ maxAgeSeconds: 300 })).toEqual({
      claims: { id_token: { auth_time: { essential: true } } },
      max_age: '300',
      prompt: 'login',
    });
  });

  it.each(['select_account', 'consent', 'create'] as const)('is not turned away from that by prompt=%s', (prompt) => {
    expect(ask({ maxAgeSeconds: 300 }, 'entra', { hints: { prompt } })).toMatchObject({ prompt: 'login' });
  });

  it('shows nothing to anybody where prompt=none says so', () => {
    expect(ask({ maxAgeSeconds: 300 }, 'entra', { hints: { prompt: 'none' } })).not.toHaveProperty('prompt');
  });

  it('asks beside a claims challenge, and keeps both', () => {
    const claims = '{"access_token":{"nbf":{"essential":true}},"id_token":{"acrs":{"value":"c9"},"email":null}}';
    expect(ask({ acrs: ['c1'] }, 'entra', { hints: { claims } }).claims).toEqual({
      access_token: { nbf: { essential: true } },
      id_token: { acrs: { essential: true, value: 'c1' }, email: null },
    });
  });
});

describe('a step-up at an OP of the standard', () => {
  it('wishes for an authentication context by acr_values where claims requests are not taken', () => {
    expect(ask({ acrs: ['phr'] }, 'oidc')).toEqual({ acr_values: 'phr' });
    expect(ask({ acrs: ['phr'] }, 'oidc', { takesClaims: false })).toEqual({ acr_values: 'phr' });
  });

  it('asks for it as essential where they are, so that the OP may not let anybody in without', () => {
    expect(ask({ acrs: ['phr'] }, 'oidc', { takesClaims: true })).toEqual({
      claims: { id_token: { acr: { essential: true, value: 'phr' } } },
    });
  });

  it('asks for an age by max_age, and leaves it to the OP whether to ask', () => {
    expect(ask({ maxAgeSeconds: 0 }, 'oidc')).toEqual({ max_age: '0' });
  });
});
