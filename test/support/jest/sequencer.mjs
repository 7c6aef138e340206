// Where nothing is known of earlier runs, Jest begins with the largest files. The longest ones are about browsers and
// copies of the project: begun late, one of them would run for minutes beside idle workers.
import Sequencer from '@jest/test-sequencer';

const LONG = /[/\\]test[/\\](adopters|browser)[/\\]/;

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => Number.isFinite(duration))) return sorted;
    const isLong = ({ path }) => LONG.test(path);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}
