import { describe, expect, it } from '@jest/globals';
import { UNRESOLVED, unresolvedTelemetry } from '../../../shared/settings/key-vault-reference.ts';
import { describeMistakes, parseSettings } from '../../../shared/settings/parse.ts';
import { LEAST, problemsWith } from './environment.ts';

const REFERENCE = '@Microsoft.KeyVault(SecretUri=https://contoso-mark3r.vault.azure.net/secrets/hidden/)';

describe('a Key Vault reference that was not resolved', () => {
  it.each(['AzureWebJobsStorage', 'AzureWebJobsStorage__queueServiceUri'])(
    'is named also where the setting is the host’s: %s',
    (name) => {
      expect(problemsWith({ [name]: REFERENCE })).toEqual({ [name]: UNRESOLVED });
    },
  );

  it('is no business of ours in settings that nothing here reads', () => {
    expect(problemsWith({ SOMEBODY_ELSES: REFERENCE, AzureWebJobsStorageOfOthers: REFERENCE })).toEqual({});
  });

  it('is no mistake where telemetry would have gone, which is then told apart', () => {
    const environment = { APPLICATIONINSIGHTS_CONNECTION_STRING: REFERENCE, OTEL_EXPORTER_OTLP_HEADERS: REFERENCE };
    expect(problemsWith(environment)).toEqual({});
    expect(unresolvedTelemetry({ ...environment, OTEL_SERVICE_NAME: 'contoso' })).toEqual(Object.keys(environment));
  });

  it('is named for each setting at once, and counts as set: nobody is told that a credential is missing', () => {
    const mistaken = { AUTH_CLIENT_SECRET: REFERENCE, SESSION_KEYS: REFERENCE, AzureWebJobsStorage: REFERENCE };
    expect(Object.keys(problemsWith(mistaken))).toEqual(Object.keys(mistaken));
  });

  it('says what to check, and nothing of the reference', () => {
    const parsed = parseSettings({ ...LEAST, SESSION_KEYS: REFERENCE, AzureWebJobsStorage: REFERENCE });
    const said = describeMistakes(parsed.ok ? [] : parsed.mistakes);
    for (const word of ['SESSION_KEYS', 'Secrets User', 'keyVaultReferenceIdentity', 'firewall', 'restart']) {
      expect(said).toContain(word);
    }
    expect(said).not.toMatch(/mark3r|hidden/);
  });
});
