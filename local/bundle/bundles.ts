/**
 * The files of the build by their names, each with the module that it begins with: `index` is what Azure loads, the others are
 * loaded where that module is imported dynamically.
 */
export const BUNDLES: Readonly<Record<string, string>> = {
  index: 'functions/index.ts',
  handlers: 'functions/handlers.ts',
  telemetry: 'shared/telemetry/sdk.ts',
};
