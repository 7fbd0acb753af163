/** For what has a key of its own and needs no token. */
export const noIdentity = (): never => {
  throw new Error('nobody here has an identity');
};
