import type { BicepFile, Type, TypeMember } from './syntax.ts';

/** The members of an object type that one of the files declares under a name. */
export function membersOf(files: readonly BicepFile[], name: string): readonly TypeMember[] {
  const declared = files.flatMap(({ declarations }) => declarations);
  const found = declared.find((one) => one.kind === 'type' && one.name === name);
  return found?.kind === 'type' && found.type.kind === 'object' ? found.type.members : [];
}

/** The words that a type takes and no others; none where it takes any. */
export function wordsOf(type: Type): readonly string[] {
  if (type.kind === 'optional' || type.kind === 'list') return wordsOf(type.of);
  if (type.kind === 'union') return type.members.flatMap(wordsOf);
  return type.kind === 'literal' && typeof type.value === 'string' ? [type.value] : [];
}
