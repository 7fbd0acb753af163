/**
 * Where Node keeps what it has compiled, for a process that is otherwise given an environment of its own: those who start
 * the same files again and again start them sooner.
 *
 * @see https://nodejs.org/api/module.html#module-compile-cache
 */
export function compileCache({ NODE_COMPILE_CACHE: folder }: NodeJS.ProcessEnv): { NODE_COMPILE_CACHE?: string } {
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}
