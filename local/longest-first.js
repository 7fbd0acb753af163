import Sequencer from '@jest/test-sequencer';

/** What takes longest where it is one suite that does it all: begun last, it would be waited for by a machine with nothing else to do. */
const LONGEST = ['races', 'faults', 'browser'];

/** On a fresh machine, where no suite has been timed yet, jest goes by the size of files: here, by what their projects do. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ context }) => {
      const at = LONGEST.indexOf(context.config.displayName.name);
      return at < 0 ? LONGEST.length : at;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}
