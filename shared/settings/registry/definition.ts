import type { Schema } from '../schema.ts';

/** One setting: all that the parser, its messages and the README's table say of it. */
export interface SettingDefinition<T = unknown> {
  /** One sentence. */
  readonly meaning: string;
  /** A right value. Where that would be a secret, what makes one: nobody then runs with a published key. */
  readonly example: string;
  /** Settings with the same `one of …` are a group, of which exactly one is set. */
  readonly required: 'yes' | 'no' | 'one of the client credentials' | 'one of the ways to the tables';
  /** Read by the same schema where the setting is not set. */
  readonly default?: string;
  /** Where there is no default but what other settings give: that, in words. */
  readonly otherwise?: string;
  readonly schema: Schema<T>;
}
