// Projects by what they need: `fast` and `races` nothing but Node, `contract`, `faults`, `http`, `kills` and `conformance`
// start real processes, `browser` a Chromium.
const transform = {
  '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } }],
};
const project = (displayName, patterns, more = {}) => ({
  displayName,
  testMatch: patterns,
  transform,
  extensionsToTreatAsEsm: ['.ts'],
  injectGlobals: false,
  // It has a package.json of the same name.
  modulePathIgnorePatterns: ['<rootDir>/release/'],
  ...more,
});

export default {
  // No test waits for time; this is for machines with much else to do.
  testTimeout: 30_000,
  testSequencer: '<rootDir>/local/longest-first.js',
  projects: [
    project('fast', ['<rootDir>/test/{shared,functions,local,infra,fuzz,hostile,bench,docs}/**/*.test.ts']),
    project('contract', ['<rootDir>/test/contract/**/*.test.ts']),
    project('faults', ['<rootDir>/test/faults/**/*.test.ts']),
    project('kills', ['<rootDir>/test/kills/**/*.test.ts']),
    project('races', ['<rootDir>/test/races/**/*.test.ts']),
    project('http', ['<rootDir>/test/http/**/*.test.ts']),
    project('conformance', ['<rootDir>/test/conformance/**/*.test.ts']),
    project('browser', ['<rootDir>/test/e2e/**/*.test.ts'], {
      setupFilesAfterEnv: ['<rootDir>/test/e2e/support/patience.ts'],
    }),
  ],
};
