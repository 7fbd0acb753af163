import type { Ambient } from '../ambient/ambient.ts';
import { systemAmbient } from '../ambient/system.ts';
import type { BearerTokens } from '../identity/bearer-tokens.ts';
import { STORAGE_SCOPE, sdkCredential } from '../identity/sdk-credential.ts';
import type { TablesSettings } from '../settings/settings.ts';
import type { AccountsTable, Table, Tables, Unavailable } from '../store/table.ts';
import { createAzureTable } from './azure-table.ts';
import { type Attempt, createCaller, STORAGE_CALL_DEADLINE_MILLISECONDS } from './caller.ts';
import { clientFactory } from './clients.ts';
import { type OnCall, observed } from './observed.ts';
import { pointReads } from './point-reads.ts';
import { readRefusal } from './refusal.ts';

export interface TablesOptions {
  /** Tokens of the identity that reaches an `endpoint`, by a scope; a connection string needs none. */
  readonly identity?: (scope: string) => BearerTokens;
  readonly deadlineMilliseconds?: number;
  readonly ambient?: Ambient;
  /** Told about every call, for counts and logs. */
  readonly onCall?: OnCall;
}

export interface OpenedTables extends Tables {
  /** Whether every table answers: one point read each. */
  ready(): Promise<'ready' | Unavailable>;
}

/** Never written: its absence is the answer. */
const READINESS_KEY = { partitionKey: 'ready', rowKey: 'ready' };

/**
 * Opens the tables of one storage account. No network yet: each table is created before it is first written to, once an instance.
 */
export function openTables(settings: TablesSettings, options: TablesOptions = {}): OpenedTables {
  const { ambient = systemAmbient, deadlineMilliseconds = STORAGE_CALL_DEADLINE_MILLISECONDS, onCall } = options;
  const { identity = noIdentity } = options;
  const clientFor = clientFactory(settings, sdkCredential(identity));
  const pointReadOf = pointReads(settings, () => identity(STORAGE_SCOPE), ambient);
  const open = (name: keyof Tables): AccountsTable => {
    const client = clientFor(name);
    const createTable: Attempt<void> = async (abortSignal) => {
      try {
        await (await client()).createTable({ abortSignal });
      } catch (error) {
        if (readRefusal(error, ambient.now()).status !== 403) throw error;
        // Who may not create tables may still use one that is there; if it is not, the call itself finds out.
      }
    };
    const caller = createCaller({ ambient, deadlineMilliseconds, createTable });
    const table = createAzureTable(client, caller, pointReadOf(name));
    return onCall === undefined ? table : observed(table, name, ambient.monotonic, onCall);
  };
  const tables: Tables = { accounts: open('accounts'), sids: open('sids'), expiries: open('expiries') };
  return { ...tables, ready: () => ready(Object.values(tables)) };
}

const noIdentity = (): never => {
  throw new Error('tables behind an endpoint were opened without an identity');
};

async function ready(tables: readonly Table[]): Promise<'ready' | Unavailable> {
  const answers = await Promise.all(tables.map((table) => table.read(READINESS_KEY, [])));
  return answers.find((answer) => answer.outcome === 'unavailable') ?? 'ready';
}
