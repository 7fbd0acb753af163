/** What one unit costs, in US dollars, and where that is from. */
export interface Price {
  readonly value: number;
  readonly what: string;
  /** A page that gave it, and when; or `assumed`: a round figure to be replaced by the price list of your region. */
  readonly source: string;
}

const FUNCTIONS_GUIDE = '[article of May 2025, East US](https://modal.com/blog/azure-function-pricing-guide)';
const MONITOR_GUIDE = '[article of 2026](https://monitoringcost.com/azure-monitor-cost)';
const ASSUMED = 'assumed';

/**
 * Put in November 2026, when Microsoft's own price list could not be read: replace each by what it says for your region
 * (https://azure.microsoft.com/pricing/calculator/), then `npm run cost -- --write`.
 */
export const PRICES = {
  gibibyteSecond: {
    value: 0.000026,
    what: 'GB-second of an instance at work, on demand',
    source: FUNCTIONS_GUIDE,
  },
  millionExecutions: { value: 0.4, what: 'million executions', source: FUNCTIONS_GUIDE },
  gibibyteSecondReady: {
    value: 0.000004,
    what: 'GB-second of an always-ready instance, at work or not',
    source: ASSUMED,
  },
  tenThousandTransactions: { value: 0.00036, what: 'ten thousand transactions of tables', source: ASSUMED },
  gibibyteStored: { value: 0.056, what: 'GB of tables in three zones, a month', source: ASSUMED },
  gigabyteLogged: { value: 2.3, what: 'GB taken in by Log Analytics', source: MONITOR_GUIDE },
  gigabyteSent: { value: 0.087, what: 'GB that leaves for the internet', source: ASSUMED },
  alertRule: { value: 1.5, what: 'alert rule on logs, every five minutes, a month', source: ASSUMED },
} as const satisfies Record<string, Price>;

/** What a month has for nothing. */
export const FREE = {
  gibibyteSeconds: { value: 100_000, what: 'GB-seconds on demand', source: FUNCTIONS_GUIDE },
  executions: { value: 250_000, what: 'executions on demand', source: FUNCTIONS_GUIDE },
  gigabytesLogged: { value: 5, what: 'GB taken in by Log Analytics', source: MONITOR_GUIDE },
  gigabytesSent: { value: 100, what: 'GB that leave for the internet', source: ASSUMED },
} as const satisfies Record<string, Price>;
