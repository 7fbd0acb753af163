import { describe, expect, it } from '@jest/globals';
import type { Requirement, Spec } from './catalogue.ts';

/** The tests of a spec, each by the id of the requirement that it holds. */
export type Checks = Readonly<Record<string, () => Promise<void> | void>>;

/** How a requirement's test is named: what it holds of a requirement that is not followed is what is done instead. */
const titleOf = ({ id, says, deviates }: Requirement): string =>
  deviates === undefined ? `${id}: ${says}` : `${id}, as it deviates from: ${says}`;

/**
 * Makes one jest test of each requirement that a test has to hold, under its section. A requirement without a check, or a
 * check without a requirement, fails.
 */
export function conforms(spec: Spec, checks: Checks): void {
  describe(spec.title, () => {
    const wanted = spec.sections.flatMap(({ requirements }) =>
      requirements.filter(({ notApplicable }) => notApplicable === undefined),
    );
    for (const { section, requirements } of spec.sections) {
      const held = requirements.filter((requirement) => wanted.includes(requirement));
      if (held.length === 0) continue;
      describe(`section ${section}`, () => {
        for (const requirement of held) {
          it(titleOf(requirement), () => {
            const check = checks[requirement.id];
            if (check === undefined) throw new Error(`no check holds ${requirement.id}`);
            return check();
          });
        }
      });
    }

    it('has a check for each requirement, and none besides', () => {
      expect(Object.keys(checks).toSorted()).toEqual(wanted.map(({ id }) => id).toSorted());
    });
  });
}
