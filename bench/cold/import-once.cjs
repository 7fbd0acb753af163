// Imports one function app as Azure's worker does, in a process of its own, and prints the milliseconds that it took.
const Module = require('node:module');

const nothing = () => {};
const core = {
  version: '1.0.0',
  hostVersion: '4.0.0',
  registerFunction: () => ({ dispose: nothing }),
  registerHook: () => ({ dispose: nothing }),
  setProgrammingModel: nothing,
  getProgrammingModel: nothing,
  log: nothing,
  Disposable: class {},
};
const load = Module.prototype.require;
Module.prototype.require = function requireOrCore(id) {
  return id === '@azure/functions-core' ? core : load.call(this, id);
};

const begin = performance.now();
require(process.argv[2]);
process.stdout.write(String(performance.now() - begin), () => process.exit());
