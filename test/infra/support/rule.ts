import type { Plan } from './bicep/plan.ts';
import type { Planned } from './bicep/run.ts';
import type { Place } from './bicep/syntax.ts';
import type { Infra } from './infra.ts';

/** Something that has to hold of `infra/`. */
export interface Rule {
  /** A sentence. */
  readonly name: string;
  /** What goes against it, each in words; none where it holds. */
  check(infra: Infra): readonly string[];
  /** Changes to the files that it has to notice, each alone. */
  readonly mutations: readonly Mutation[];
}

export interface Mutation {
  readonly file: string;
  /** Has to be in the file. */
  readonly replace: string | RegExp;
  readonly by: string;
}

/** In every scenario: what goes against it among the resources of a type. */
export function eachOf(type: string, problem: (planned: Planned, plan: Plan) => string | null | false): Rule['check'] {
  return ({ plans }) =>
    plans().flatMap(([scenario, plan]) => {
      const found = ofType(plan, type);
      if (found.length === 0) return [`${scenario}: there is no ${type}`];
      return found.flatMap((planned) => {
        const said = problem(planned, plan);
        return said ? [`${scenario}: ${planned.file}:${planned.line}: ${planned.symbol}: ${said}`] : [];
      });
    });
}

/** In every scenario: what goes against it in all that is made. */
export function eachPlan(problems: (plan: Plan, scenario: string) => readonly string[]): Rule['check'] {
  return ({ plans }) =>
    plans().flatMap(([scenario, plan]) => problems(plan, scenario).map((said) => `${scenario}: ${said}`));
}

/** By the type without its version, in whatever case it is written. */
export function ofType(plan: Plan, type: string): readonly Planned[] {
  return plan.resources.filter((planned) => planned.type.toLowerCase() === type.toLowerCase());
}

/** What somebody looks for who is told of it. */
export const where = ({ place }: { readonly place: Place }, name: string): string =>
  `${place.file}:${place.line}: ${name}`;
