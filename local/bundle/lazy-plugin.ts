import { join, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Leaves modules that begin bundles of their own, where they are imported dynamically, to those bundles beside this one: what
 * is not needed yet is then neither read nor compiled.
 *
 * @param bundles by their names, the module that each begins with, from the root of the build
 */
export function lazyPlugin(bundles: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'lazy',
    setup({ onResolve, initialOptions }) {
      const root = initialOptions.absWorkingDir ?? process.cwd();
      const names = new Map(Object.entries(bundles).map(([name, module]) => [join(root, module), name]));
      onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        const name = kind === 'dynamic-import' ? names.get(resolve(resolveDir, path)) : undefined;
        return name === undefined ? undefined : { path: `./${name}.cjs`, external: true };
      });
    },
  };
}
