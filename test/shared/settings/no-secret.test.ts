import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describeMistakes, parseSettings } from '../../../shared/settings/parse.ts';
import { SETTINGS } from '../../../shared/settings/registry.ts';
import { keyOf, LEAST } from './environment.ts';

const API = { baseUrl: 'https://a.com', scopes: ['a'], allow: ['GET /a'] };

/** Values that are wrong in many ways, each with the secret somewhere in it. */
const SHAPES: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `${secret}\u0007`,
  (secret) => `http://${secret}/`,
  (secret) => `http://u:${secret}@contoso.com/?${secret}#${secret}`,
  (secret) => `@Microsoft.KeyVault(${secret})`,
  (secret) => `${secret}:${keyOf(1)},k2:${secret},${secret}`,
  (secret) => `${secret}, ${secret}"`,
  (secret) => `DefaultEndpointsProtocol=http;AccountName=${secret};AccountKey=${secret};TableEndpoint=http://${secret}`,
  (secret) => `TableEndpoint=ftp://${secret};SharedAccessSignature=${secret};${secret}`,
  (secret) => `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`,
  (secret) => `-----BEGIN CERTIFICATE-----\n${secret}\n-----END CERTIFICATE-----`,
  (secret) => `{"graph":"${secret}"`,
  (secret) => JSON.stringify(secret),
  (secret) => JSON.stringify({ graph: secret, [secret]: { [secret]: secret } }),
  (secret) =>
    JSON.stringify({ graph: { ...API, baseUrl: secret, scopes: [`${secret} `], allow: [secret, `GET /${secret}//`] } }),
  (secret) => JSON.stringify({ graph: { ...API, baseUrl: { [secret]: secret }, scopes: secret, allow: [[secret]] } }),
  (secret) => JSON.stringify({ graph: { ...API, [secret]: secret } }),
];

const settings = Object.keys(SETTINGS);
const secret = fc
  .array(fc.constantFrom(...'ABCDEFGHabcdefgh0123456789-_~'), { minLength: 20, maxLength: 44 })
  // A digit in upper-case company: neither a plain word nor an API's name, which are printed.
  .map((characters) => `Q9${characters.join('')}`);

it('no mistake holds any part of a value: not in its problem, not in its example', () => {
  let mistaken = 0;
  fc.assert(
    fc.property(fc.constantFrom(...settings), fc.constantFrom(...SHAPES), secret, (name, shape, hidden) => {
      const parsed = parseSettings({ ...LEAST, [name]: shape(hidden) });
      if (parsed.ok) return;
      mistaken += 1;
      const said = JSON.stringify(parsed.mistakes) + describeMistakes(parsed.mistakes);
      expect(said.toLowerCase()).not.toContain(hidden.slice(0, 10).toLowerCase());
    }),
    { numRuns: 2_000 },
  );
  expect(mistaken).toBeGreaterThan(1_000);
});

it('no mistake holds any part of any value when all are wrong at once', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SHAPES), secret, (shape, hidden) => {
      const parsed = parseSettings(Object.fromEntries(settings.map((name) => [name, shape(hidden)])));
      expect(JSON.stringify(parsed).toLowerCase()).not.toContain(hidden.slice(0, 10).toLowerCase());
    }),
  );
});
