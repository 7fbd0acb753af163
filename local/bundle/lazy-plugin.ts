import { join, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Leaves what begins a bundle of its own, where it is imported dynamically, to that bundle beside this one: what is not needed
 * yet is then neither read nor compiled.
 *
 * @param bundles by their names, the module that each begins with: its path from the root of the build, or a package's name
 */
export function lazyPlugin(bundles: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'lazy',
    setup({ onResolve, initialOptions }) {
      const root = initialOptions.absWorkingDir ?? process.cwd();
      const pathOf = (specifier: string, folder: string) =>
        specifier.startsWith('.') ? resolve(folder, specifier) : specifier;
      const names = new Map(
        Object.entries(bundles).map(([name, module]) => [module.startsWith('@') ? module : join(root, module), name]),
      );
      onResolve({ filter: /^[.@]/ }, ({ kind, path, resolveDir }) => {
        const name = kind === 'dynamic-import' ? names.get(pathOf(path, resolveDir)) : undefined;
        return name === undefined ? undefined : { path: `./${name}.cjs`, external: true };
      });
    },
  };
}
