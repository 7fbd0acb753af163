/** How long a person may take at the OP: a sign-in attempt lives so long. */
export const ATTEMPT_MINUTES = 10;
/**
 * What a sign-in may still take when its attempt's life is over: the deadlines of its calls. Azure gives up an answer
 * after 230 s; this leaves more than double, and clocks that differ are within it.
 */
const DEADLINES_MINUTES = 10;
/** No operation in flight can still be about what is older than this (DESIGN, rule 9). */
export const SETTLED_MINUTES = ATTEMPT_MINUTES + DEADLINES_MINUTES;
