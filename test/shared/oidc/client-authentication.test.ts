import { describe, expect, it } from '@jest/globals';
import { authenticated, basicCredentials, wantsHeader } from '../../../shared/oidc/client-authentication.ts';

const ENDPOINT = { methods: undefined, audience: 'https://op.example' };
const SECRET = { kind: 'secret', secret: 'a secret' } as const;

describe('a direct request to the OP', () => {
  it('has the secret in its form where the OP says nothing, or takes it there', async () => {
    for (const methods of [undefined, ['client_secret_post'], ['client_secret_basic', 'client_secret_post']]) {
      const { headers, form } = await authenticated({ token: 't' }, 'client-1', SECRET, { ...ENDPOINT, methods });
      expect(headers).toEqual({});
      expect(Object.fromEntries(form)).toEqual({ token: 't', client_id: 'client-1', client_secret: 'a secret' });
    }
  });

  it('has it in the header, and nowhere else, where the OP announces that alone', async () => {
    const methods = ['client_secret_basic', 'private_key_jwt'];
    const { headers, form } = await authenticated({ token: 't' }, 'client-1', SECRET, { ...ENDPOINT, methods });
    expect(headers).toEqual({ authorization: basicCredentials('client-1', 'a secret') });
    expect(Object.fromEntries(form)).toEqual({ token: 't' });
  });

  it('carries an assertion for the audience that it is told, and no secret', async () => {
    const proof = { kind: 'assertion', assertionFor: async (audience: string) => `for ${audience}` } as const;
    const { headers, form } = await authenticated({ token: 't' }, 'client-1', proof, {
      ...ENDPOINT,
      methods: ['client_secret_basic'],
    });
    expect(headers).toEqual({});
    expect(Object.fromEntries(form)).toEqual({
      token: 't',
      client_id: 'client-1',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: 'for https://op.example',
    });
  });

  it('lets no field speak for another client', async () => {
    const { form } = await authenticated({ client_id: 'another', client_secret: 'x' }, 'client-1', SECRET, ENDPOINT);
    expect(form.getAll('client_id')).toEqual(['client-1']);
    expect(form.getAll('client_secret')).toEqual(['a secret']);
  });
});

describe('the header of a secret (RFC 6749 section 2.3.1)', () => {
  it.each([
    ['client-1', 'secret', 'client-1:secret'],
    ['a:b', 'c:d', 'a%3Ab:c%3Ad'],
    ['a b', 'é+&%', 'a+b:%C3%A9%2B%26%25'],
  ])('of %j and %j is form-encoded before it is base64', (clientId, secret, pair) => {
    const [scheme, credentials = ''] = basicCredentials(clientId, secret).split(' ');
    expect(scheme).toBe('Basic');
    expect(Buffer.from(credentials, 'base64').toString()).toBe(pair);
  });

  it('is wanted only where the form is not taken', () => {
    expect(
      [['client_secret_basic'], ['client_secret_post'], ['private_key_jwt'], [], undefined].map(wantsHeader),
    ).toEqual([true, false, false, false, false]);
  });
});
