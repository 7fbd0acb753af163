import type { Plugin } from 'esbuild';

/** What is used here of undici. To use another of its exports is to add it: the build fails for one that is not here. */
const PARTS = `
  export { default as Agent } from 'undici/lib/dispatcher/agent.js';
  export { default as Pool } from 'undici/lib/dispatcher/pool.js';
  export { default as errors } from 'undici/lib/core/errors.js';
`;

/**
 * Bundles of undici what is used. Its one entry, CommonJS, brings all of it, and runs all of it when it is loaded: `fetch`,
 * WebSockets, caches, mocks and the pages of them that WebIDL takes, most of the time that loading it costs.
 */
export const undiciPlugin: Plugin = {
  name: 'undici',
  setup({ onResolve, onLoad, initialOptions }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: 'parts', namespace: 'undici', sideEffects: false }));
    onLoad({ filter: /./, namespace: 'undici' }, () => ({
      contents: PARTS,
      resolveDir: initialOptions.absWorkingDir ?? process.cwd(),
    }));
  },
};
