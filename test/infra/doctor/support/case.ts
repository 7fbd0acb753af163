import type { Asked } from '../../../../infra/doctor/asked.ts';

/** What is to be found of a deployment that is good but for one thing. */
export type Case = readonly [id: string, when: string, changes: Partial<Asked>, verdict: string, says: RegExp];
