/**
 * The files of the build by their names, each with the module or package that it begins with: `index` is what Azure loads, the
 * others are loaded where that is imported dynamically.
 */
export const BUNDLES: Readonly<Record<string, string>> = {
  index: 'functions/index.ts',
  handlers: 'functions/handlers.ts',
  identity: '@azure/identity',
  msal: 'shared/msal/sdk.ts',
  queue: 'shared/queue/sdk.ts',
  tables: 'shared/tables/sdk.ts',
  telemetry: 'shared/telemetry/sdk.ts',
};
