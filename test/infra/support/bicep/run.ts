import type { Target } from './azure.ts';
import { checkDecorators } from './decorators.ts';
import { checkForm } from './form.ts';
import { checkMembers } from './members.ts';
import { checkNames } from './names.ts';
import { parseBicep } from './parser.ts';
import { BicepError, type BicepFile } from './syntax.ts';
import type { Fields } from './values.ts';

/** Texts by path, such as `infra/main.bicep`. */
export type Sources = ReadonlyMap<string, string>;

/** A resource that a deployment would make. */
export interface Planned {
  readonly symbol: string;
  readonly file: string;
  readonly line: number;
  readonly type: string;
  readonly apiVersion: string;
  /** With its parents', `/` between them. */
  readonly name: string;
  readonly id: string;
  /** The id of the resource that it is an extension of. */
  readonly scope: string | null;
  /** Its properties as far as they are known. */
  readonly body: Fields;
}

/** What the files of one deployment share. */
export interface Run {
  readonly target: Target;
  readonly sources: Sources;
  readonly parsed: Map<string, BicepFile>;
  readonly planned: Planned[];
  readonly deployments: string[];
}

/** @throws {BicepError} where there is no such file, or Bicep would refuse it */
export function readFile({ sources, parsed }: Pick<Run, 'sources' | 'parsed'>, file: string): BicepFile {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const text = sources.get(file);
  if (text === undefined) throw new BicepError({ file, line: 1, column: 1 }, 'there is no such file');
  const read = parseBicep(file, text);
  checkForm(read);
  checkNames(read);
  checkMembers(read);
  checkDecorators(read);
  parsed.set(file, read);
  return read;
}
