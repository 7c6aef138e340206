/** Lets at most `max` tasks run at once; the others wait in the order they came. */
export function limited(max: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: Array<() => void> = [];
  return async (task) => {
    if (running >= max) await new Promise<void>((turn) => waiting.push(turn));
    else running++;
    try {
      return await task();
    } finally {
      // The place is handed to whoever waits; it is free only when nobody does.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
