type Environment = Readonly<Record<string, string | undefined>>;

/** What App Service leaves in place of a reference that it could not resolve: the reference itself. */
const KEY_VAULT_REFERENCE = /@Microsoft\.KeyVault\(/i;

/** What is read here beside the registry's settings, by the beginning of its names. */
const HOST_STORAGE = /^AzureWebJobsStorage(?:$|__)/;
const TELEMETRY = /^(?:APPLICATIONINSIGHTS_|OTEL_)/;

/**
 * What to look at, in the order in which it goes wrong; nothing of the reference, which may be a secret in the wrong place.
 *
 * @see https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
 */
export const UNRESOLVED =
  "the Key Vault reference was not resolved: check that it names a vault and a secret that exist and are enabled, that the app's keyVaultReferenceIdentity is an identity which may read it (Key Vault Secrets User), and that the vault's firewall lets the app in; then restart the app, which asks the vault anew";

export function isUnresolvedReference(text: string): boolean {
  return KEY_VAULT_REFERENCE.test(text);
}

/** The names of the Functions host's settings of storage that hold a reference which was not resolved. */
export const unresolvedHostStorage = (environment: Environment): readonly string[] =>
  unresolvedNames(environment, HOST_STORAGE);

/** The same of the settings that say where telemetry goes. Nobody stays signed in because of one: they are no mistakes. */
export const unresolvedTelemetry = (environment: Environment): readonly string[] =>
  unresolvedNames(environment, TELEMETRY);

function unresolvedNames(environment: Environment, names: RegExp): readonly string[] {
  return Object.keys(environment).filter((name) => names.test(name) && isUnresolvedReference(environment[name] ?? ''));
}
