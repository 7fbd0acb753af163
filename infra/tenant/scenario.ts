export const TENANT_KINDS = ['workforce', 'external-id', 'other'] as const;
/** Entra ID's workforce tenant, an External ID tenant, or another OP. */
export type TenantKind = (typeof TENANT_KINDS)[number];

/** Something that has to hold at a real OP, and how a person tries it. */
export interface Scenario {
  readonly id: string;
  /** What is verified, as the table of results has it. */
  readonly title: string;
  readonly kinds: readonly TenantKind[];
  /** What to do, in order. */
  readonly steps: readonly string[];
  /** What is asked where no machine looks. Yes means that it holds. */
  readonly question: string;
  /** What the operator door has to say of the person afterwards, and within how long. */
  readonly afterwards?: { readonly account: 'stands' | 'gone'; readonly withinSeconds: number };
}
