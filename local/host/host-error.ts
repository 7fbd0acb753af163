/**
 * A reason not to start that a person can act on. Its message is one line; the host prints it and exits with code 1.
 */
export class HostError extends Error {
  override readonly name = 'HostError';
}
