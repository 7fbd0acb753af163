import { createHash } from 'node:crypto';

/** What an expression comes to before anything is deployed. */
export type Value = string | number | boolean | null | readonly Value[] | Fields | Lambda | Reference;

export interface Fields {
  readonly [name: string]: Value;
}

export type Lambda = (...args: readonly Value[]) => Value;

/** A resource or a module by its symbolic name: asked for what is known of it only when it is. */
export class Reference {
  readonly symbol: string;
  /** Its condition is false. */
  readonly isAbsent: boolean;
  readonly #member: (name: string) => Value;

  constructor(symbol: string, isAbsent: boolean, member: (name: string) => Value) {
    this.symbol = symbol;
    this.isAbsent = isAbsent;
    this.#member = member;
  }

  member(name: string): Value {
    return this.#member(name);
  }
}

/** In place of what only Azure knows: `identity.properties.principalId`, in such marks. */
export const unknown = (what: string): string => `«${what}»`;

/** In place of what must be nowhere to be read. */
export const secret = (what: string): string => unknown(`secret:${what}`);

export const isMarked = (value: Value): value is string => typeof value === 'string' && value.includes('«');
export const hasSecret = (value: Value): boolean => JSON.stringify(value ?? null).includes('«secret:');

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isFields = (value: Value | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Reference);

/** What stands at a path such as `properties.networkAcls.defaultAction`; undefined where nothing does. */
export function at(value: Value | undefined, path: string): Value | undefined {
  return path.split('.').reduce<Value | undefined>((inner, name) => {
    if (isList(inner ?? null)) return (inner as readonly Value[])[Number(name)];
    return isFields(inner) ? inner[name] : undefined;
  }, value);
}

/** As deep as it goes, every text in a value with the path to it. */
export function textsIn(value: Value, path = ''): readonly { readonly path: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (value === null || typeof value !== 'object' || value instanceof Reference) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, path === '' ? name : `${path}.${name}`));
}

/** A stand-in for Azure's hashes: as long, of the same letters, and the same for the same texts. */
export function hashText(length: number, alphabet: string, texts: readonly Value[]): string {
  const digest = createHash('sha512').update(JSON.stringify(texts)).digest();
  return [...digest.subarray(0, length)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/** A GUID made of texts. */
export function hashGuid(texts: readonly Value[]): string {
  const hex = hashText(32, '0123456789abcdef', texts);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
