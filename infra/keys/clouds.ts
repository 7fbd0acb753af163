/** Where a key vault is, and whom one asks for tokens to it and to Azure Resource Manager (ARM) of the same cloud. */
export interface VaultAddress {
  readonly origin: string;
  readonly vaultScope: string;
  readonly armOrigin: string;
  readonly armScope: string;
}

/** ARM by the DNS suffix of the cloud's key vaults. @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates */
const ARM: ReadonlyMap<string, string> = new Map([
  ['vault.azure.net', 'https://management.azure.com'],
  ['vault.usgovcloudapi.net', 'https://management.usgovcloudapi.net'],
  ['vault.azure.cn', 'https://management.chinacloudapi.cn'],
]);
const PUBLIC_CLOUD = 'vault.azure.net';
/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault */
const VAULT_NAME = /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/;

/**
 * The address of a vault that is named, or whose URI is given. No other host is one: a token is for its eyes alone.
 *
 * @param vault `contoso-kv` (in the public cloud), or `https://contoso-kv.vault.usgovcloudapi.net/`
 */
export function vaultAddress(vault: string): VaultAddress | null {
  const [, name = vault, suffix = PUBLIC_CLOUD] = /^https:\/\/([^./]+)\.([a-z.]+)\/?$/i.exec(vault) ?? [];
  const arm = ARM.get(suffix.toLowerCase());
  if (arm === undefined || !VAULT_NAME.test(name)) return null;
  const host = suffix.toLowerCase();
  return {
    origin: `https://${name.toLowerCase()}.${host}`,
    vaultScope: `https://${host}/.default`,
    armOrigin: arm,
    armScope: `${arm}/.default`,
  };
}
