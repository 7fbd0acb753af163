import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseSettings } from '../../../shared/settings/parse.ts';
import { problemsWith } from './environment.ts';

const NOT_FILLED_IN = expect.stringMatching(/placeholder/);

describe('a placeholder that was not filled in is a mistake', () => {
  it.each([
    ['AUTH_AUTHORITY', 'https://login.microsoftonline.com/{tenant}'],
    ['AUTH_AUTHORITY', 'https://login.microsoftonline.com/<tenant>'],
    ['AUTH_AUTHORITY', 'https://{tenant}.ciamlogin.com/contoso.onmicrosoft.com'],
    ['AUTH_METADATA_URL', 'https://login.contoso.com/{tenant}/v2.0/.well-known/openid-configuration'],
    ['PUBLIC_ORIGIN', 'https://{app}.azurewebsites.net'],
    ['PUBLIC_ORIGIN', 'https://<app>.azurewebsites.net'],
    ['AUTH_CLIENT_ID', '<client id>'],
    ['AUTH_CLIENT_ID', '{client}'],
    ['AUTH_CLIENT_SECRET', '<client secret>'],
    ['SIBLING_ORIGINS', 'https://{spa}.contoso.com'],
    ['DOWNSTREAM_APIS', '{"graph":{"baseUrl":"https://{host}/v1.0","scopes":["a"],"allow":["GET /me"]}}'],
  ])('of %s: %s', (name, value) => {
    expect(problemsWith({ [name]: value })).toEqual({ [name]: NOT_FILLED_IN });
  });

  it('as the settings to copy have them: each is named, and nothing else', () => {
    const { Values } = JSON.parse(readFileSync('local.settings.example.json', 'utf8'));
    const parsed = parseSettings(Values);
    const names = parsed.ok ? [] : parsed.mistakes.map(({ setting }) => setting);
    expect(names.toSorted()).toEqual(['AUTH_AUTHORITY', 'AUTH_CLIENT_ID', 'AUTH_CLIENT_SECRET', 'SESSION_KEYS']);
  });

  it.each(['a<b>c', '<a>b', '{a', 'a}'])('what only holds such signs may be a secret: %s', (AUTH_CLIENT_SECRET) => {
    expect(problemsWith({ AUTH_CLIENT_SECRET })).toEqual({});
  });
});

describe('no browser asks for an application by a wildcard', () => {
  it.each(['https://*.contoso.com', 'https://*'])('PUBLIC_ORIGIN=%s', (PUBLIC_ORIGIN) => {
    expect(problemsWith({ PUBLIC_ORIGIN })).toEqual({
      PUBLIC_ORIGIN: 'must be one origin: there is no wildcard',
    });
  });
});
