import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';

/** Thread name of libuv's pool. */
const WORKER = 'libuv-worker';
/** Nice value (0–19); the event loop has 0. */
const NICENESS = 10;

/**
 * Number of long computations that Node's thread pool can run without delaying requests: the number of cores
 * where pool threads get a lower priority than the event loop (Linux, setpriority(2)), else one fewer. See
 * ADR 33.
 */
export function computationsAtOnce(): number {
  const cores = availableParallelism();
  return givesWay() ? cores : Math.max(1, cores - 1);
}

/** Lowers the priority of pool threads; also true when it was lowered before. */
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
