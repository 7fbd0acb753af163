import type { Asked } from '../asked.ts';
import { type Check, ok, wrong } from '../finding.ts';
import { objectIn, refusalIn } from '../reply.ts';

const NAME = /^[A-Za-z0-9_|. ]{1,200}$/;

export const SETTINGS_CHECKS: readonly Check[] = [
  {
    id: 'settings',
    about: 'no setting is missing or wrong; else the application itself says which',
    doc: 'README.md#settings',
    of: 'platform',
    judge(asked) {
      const mistakes = settingsMistakes(asked);
      if (mistakes === null) return ok('All settings are in order.');
      return wrong(mistakes.join(' '), 'Correct them, and restart the function app.');
    },
  },
];

/** What the application says is wrong with its settings, a sentence each; null where it says nothing of the kind. */
export function settingsMistakes({ ready }: Pick<Asked, 'ready'>): readonly string[] | null {
  if (ready.kind !== 'answered' || refusalIn(ready) !== 'settings_invalid') return null;
  const { mistakes } = objectIn(ready) ?? {};
  const sentences = (Array.isArray(mistakes) ? mistakes : []).flatMap((mistake) => {
    const { setting, problem } = (mistake ?? {}) as { setting?: unknown; problem?: unknown };
    return typeof setting === 'string' && NAME.test(setting) ? [`${setting}: ${String(problem)}.`] : [];
  });
  return sentences.length > 0 ? sentences : ['Some of them are wrong, and the application does not say which.'];
}
