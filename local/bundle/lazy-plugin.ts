import type { Plugin } from 'esbuild';

/**
 * Leaves one module, where it is imported dynamically, to a bundle of its own beside this one: what few deployments load
 * is then neither read nor parsed by the others' cold starts.
 *
 * @param module how its importers' specifiers end
 * @param bundle the other bundle's file name
 */
export function lazyPlugin(module: RegExp, bundle: string): Plugin {
  return {
    name: 'lazy',
    setup({ onResolve }) {
      onResolve({ filter: module }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${bundle}`, external: true } : undefined,
      );
    },
  };
}
