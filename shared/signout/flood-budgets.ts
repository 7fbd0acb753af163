import { type BudgetSize, createBudget } from '../ambient/budget.ts';
import type { FloodBudgets } from '../application/application.ts';

/** Why a sign-out of a flood is left to the queue, and why it stays there: words for the log. */
export const FLOOD = 'flood';
export const SIGNIN_MAY_BE_UNDER_WAY = 'sign-in-may-be-under-way';

/** Far more than a busy application's sign-outs by unknown `sid`; those that end something are given back. */
const TOMBSTONES: BudgetSize = { burst: 300, perMinute: 120 };
/** Small, and still there when a flood has used up the first: for a person whose sign-in is under way in the middle of it. */
const RESERVE: BudgetSize = { burst: 60, perMinute: 30 };
/** A message goes round for as long as a sign-in may be under way, {@link SETTLED_MINUTES} and a try more: so many times this. */
const MESSAGES: BudgetSize = { burst: 1_000, perMinute: 300 };

/** What unknown `sid`s may cost one instance. Each tombstone is two rows: itself, and the note by which the sweep finds it. */
export const FLOOD_BUDGET_SIZES: Readonly<Record<keyof FloodBudgets, BudgetSize>> = {
  tombstones: TOMBSTONES,
  reserve: RESERVE,
  messages: MESSAGES,
};

/** One instance's budgets, full. @param monotonic milliseconds */
export function createFloodBudgets(
  monotonic: () => number,
  sizes: Readonly<Record<keyof FloodBudgets, BudgetSize>> = FLOOD_BUDGET_SIZES,
): FloodBudgets {
  return {
    tombstones: createBudget(sizes.tombstones, monotonic),
    reserve: createBudget(sizes.reserve, monotonic),
    messages: createBudget(sizes.messages, monotonic),
  };
}
