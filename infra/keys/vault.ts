import { MINUTES_MAX } from './instances.ts';
import { isStep, type KeyState } from './session-keys.ts';

/** @see https://learn.microsoft.com/rest/api/keyvault/secrets/set-secret/set-secret */
const API_VERSION = '7.6';
const CALL_MILLISECONDS_MAX = 30_000;
const STEP_TAG = 'exeunt-step';
const NEEDED_TAG = 'exeunt-needed-minutes';

/** A version of the secret. */
export interface StoredKeys {
  readonly value: string;
  /** How far a rotation has come, as it was tagged. */
  readonly tag: string | undefined;
  /** So long what the keys sealed may live, as instances said before it was written; 0 where none had been asked. */
  readonly neededMinutes: number;
  readonly version: string;
  /** By the vault's clock, milliseconds since the epoch. */
  readonly writtenAt: number;
}

/** Why the vault did not do it. */
export interface VaultRefusal {
  readonly outcome: 'refused';
  /** In words, with what helps; nothing of the value. */
  readonly problem: string;
  /** Whether it may do it in a while, with nobody doing anything: a role assignment spreads for some minutes. */
  readonly passes: boolean;
}

/** The one secret of the vault that holds the session keys. */
export interface KeyVault {
  read(): Promise<({ readonly outcome: 'found' } & StoredKeys) | { readonly outcome: 'absent' } | VaultRefusal>;
  /** Writes a new version. The vault takes it whatever is there: it knows no `If-Match`. */
  write(
    state: KeyState,
    neededMinutes: number,
  ): Promise<{ readonly outcome: 'written'; readonly version: string } | VaultRefusal>;
  /** The versions that there are, in no order; nothing of their values. None where there is no secret. */
  versions(): Promise<{ readonly outcome: 'listed'; readonly versions: readonly string[] } | VaultRefusal>;
}

export interface VaultAccess {
  readonly origin: string;
  readonly secretName: string;
  /** A token for the vault. */
  readonly token: () => Promise<string>;
  readonly fetchIt?: typeof fetch;
}

/** The vault by its REST API. */
export function openVault({ origin, secretName, token, fetchIt = fetch }: VaultAccess): KeyVault {
  const call = async (path: string, more: RequestInit = {}): Promise<Answer | VaultRefusal> => {
    let response: Response;
    try {
      response = await fetchIt(`${origin}/secrets/${secretName}${path}`, {
        ...more,
        headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
        // Whoever it would be sent on to is not the vault.
        redirect: 'error',
        signal: AbortSignal.timeout(CALL_MILLISECONDS_MAX),
      });
    } catch (error) {
      if (error instanceof NoToken) throw error;
      // A vault that was made a minute ago may have no name yet.
      return { outcome: 'refused', problem: `the vault ${origin} did not answer`, passes: true };
    }
    const body: unknown = await response.json().catch(() => null);
    return { status: response.status, body, challenge: response.headers.get('www-authenticate') };
  };

  return {
    async read() {
      const answer = await call(`?api-version=${API_VERSION}`);
      if ('outcome' in answer) return answer;
      if (answer.status === 404 && codesOf(answer).includes('SecretNotFound')) return { outcome: 'absent' };
      if (answer.status !== 200) return refusalOf(answer, secretName);
      if (!isSecret(answer.body)) return NO_SECRET;
      const { value, id, attributes, tags } = answer.body;
      const tag = tags?.[STEP_TAG];
      return {
        outcome: 'found',
        value,
        tag: tag !== undefined && isStep(tag) ? tag : undefined,
        neededMinutes: minutesOf(tags?.[NEEDED_TAG]),
        version: versionOf(id),
        writtenAt: attributes.created * 1_000,
      };
    },
    async write({ entries, step }, neededMinutes) {
      const body = JSON.stringify({
        value: entries.join(','),
        contentType: 'SESSION_KEYS of Exeunt',
        tags: { [STEP_TAG]: step, ...(neededMinutes > 0 && { [NEEDED_TAG]: String(neededMinutes) }) },
      });
      const answer = await call(`?api-version=${API_VERSION}`, { method: 'PUT', body });
      if ('outcome' in answer) return answer;
      if (answer.status !== 200) return refusalOf(answer, secretName);
      if (!isSecret(answer.body)) return NO_SECRET;
      return { outcome: 'written', version: versionOf(answer.body.id) };
    },
    async versions() {
      const versions: string[] = [];
      let next: string | null = `/versions?api-version=${API_VERSION}`;
      while (next !== null) {
        const answer: Answer | VaultRefusal = await call(next);
        if ('outcome' in answer) return answer;
        if (answer.status === 404 && codesOf(answer).includes('SecretNotFound')) break;
        if (answer.status !== 200) return refusalOf(answer, secretName);
        const { value, nextLink } = answer.body as SecretList;
        versions.push(...value.map(({ id }) => versionOf(id)));
        next = nextLink ? pathWithin(nextLink, origin, secretName) : null;
        if (nextLink && next === null) {
          return { outcome: 'refused', problem: 'the vault leads on to another place', passes: false };
        }
      }
      return { outcome: 'listed', versions };
    },
  };
}

/** Nobody is signed in who could ask. Its message is for the person at the terminal. */
export class NoToken extends Error {}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly challenge: string | null;
}

interface SecretBundle {
  readonly value: string;
  /** `{origin}/secrets/{name}/{version}` */
  readonly id: string;
  readonly attributes: { readonly created: number };
  readonly tags?: Readonly<Record<string, string>>;
}

interface SecretList {
  readonly value: readonly Pick<SecretBundle, 'id'>[];
  readonly nextLink?: string | null;
}

const NO_SECRET: VaultRefusal = {
  outcome: 'refused',
  problem: 'what answers at the address of the vault is no vault: see what stands between',
  passes: false,
};

function isSecret(body: unknown): body is SecretBundle {
  const { value, id, attributes } = (body ?? {}) as { readonly [name in keyof SecretBundle]?: unknown };
  const { created } = (attributes ?? {}) as { readonly created?: unknown };
  return typeof value === 'string' && typeof id === 'string' && typeof created === 'number';
}

/** A tag that says nothing is like none. */
function minutesOf(tag: string | undefined): number {
  const minutes = /^\d+$/.test(tag ?? '') ? Number(tag) : 0;
  return minutes <= MINUTES_MAX ? minutes : 0;
}

const versionOf = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** What a link of the vault's leads to; it names the port. Anywhere else the token does not go. */
function pathWithin(link: string, origin: string, secretName: string): string | null {
  const [url, base] = [URL.parse(link), `/secrets/${secretName}/`];
  if (url?.origin !== origin || !url.pathname.startsWith(base)) return null;
  return url.pathname.slice(base.length - 1) + url.search;
}

/** A word: it goes to the terminal as it is. */
const CODE = /^[A-Za-z]{1,64}$/;

/** The code of an error, and those within it: the inner ones say more. */
function codesOf({ body }: Answer): readonly string[] {
  const codes: string[] = [];
  let error = (body as { readonly error?: VaultError } | null)?.error;
  while (error !== undefined && error !== null && codes.length < 8) {
    if (typeof error.code === 'string' && CODE.test(error.code)) codes.push(error.code);
    error = error.innererror;
  }
  return codes;
}

interface VaultError {
  readonly code?: string;
  readonly innererror?: VaultError;
}

/** @see https://learn.microsoft.com/azure/key-vault/general/rest-error-codes */
function refusalOf(answer: Answer, secretName: string): VaultRefusal {
  const codes = codesOf(answer);
  const has = (code: string): boolean => codes.includes(code);
  const refusal = (problem: string, passes = false): VaultRefusal => ({ outcome: 'refused', problem, passes });
  const said = [answer.status, ...codes].join(' ');
  if (answer.status === 401) {
    const [, tenant] = /authorization="[^"]*\/([0-9a-f-]{36})"/.exec(answer.challenge ?? '') ?? [];
    return refusal(
      `the vault takes no such token (401)${tenant ? `: it is of the tenant ${tenant}, sign in there` : ''}`,
    );
  }
  if (has('ObjectIsDeletedButRecoverable')) {
    const recover = `az keyvault secret recover --name ${secretName} --vault-name NAME`;
    return refusal(`a secret of the name ${secretName} was deleted and can be had back: ${recover}`);
  }
  if (has('ObjectIsBeingDeleted') || has('ObjectIsBeingRecovered')) {
    return refusal(`the secret ${secretName} is being deleted or recovered (${said})`, true);
  }
  if (has('SecretDisabled')) return refusal(`the newest version of the secret ${secretName} is disabled: enable it`);
  if (has('ForbiddenByFirewall') || has('ForbiddenByConnection')) {
    return refusal("the vault's firewall does not let this machine in (403)");
  }
  if (answer.status === 403) {
    return refusal(`nobody may do this who has not the role Key Vault Secrets Officer at the vault (${said})`, true);
  }
  return refusal(`the vault answered ${said}`, answer.status === 429 || answer.status >= 500);
}
