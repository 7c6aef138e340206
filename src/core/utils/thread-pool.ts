import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';

/** As libuv names them. */
const WORKER = 'libuv-worker';
/** Of 0 to 19; the thread that answers requests has 0. */
const NICENESS = 10;

/**
 * How many long computations the threads of Node's pool can do at once without keeping requests waiting:
 * as many as there are cores where those threads give way to the one that answers (on Linux a priority
 * belongs to a thread, setpriority(2)), one fewer anywhere else.
 */
export function computationsAtOnce(): number {
  const cores = availableParallelism();
  return givesWay() ? cores : Math.max(1, cores - 1);
}

/** Also true when they did before. */
function givesWay(): boolean {
  try {
    const threads = readdirSync('/proc/self/task').filter((id) => nameOf(id) === WORKER);
    for (const id of threads) setPriority(Number(id), NICENESS);
    return threads.length > 0;
  } catch {
    return false;
  }
}

function nameOf(thread: string): string {
  return readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim();
}
