/** What Node is given to run jest over tests that are modules, before jest's own arguments; as `npm run jest` has it. */
export const JEST: readonly string[] = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];
