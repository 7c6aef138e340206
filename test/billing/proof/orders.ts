/** Numbers from 0 up to 1 that are the same in every run (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const keyed = list.map((item) => ({ item, key: random() }));
  return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
}

/** Every order of the list. */
export function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((first, index) =>
    permutations(list.toSpliced(index, 1)).map((rest) => [first, ...rest]),
  );
}

/** The order, and up to two more copies of each somewhere behind the first. */
export function withCopies<T>(order: readonly T[], random: () => number): T[] {
  const sent = [...order];
  for (const item of order) {
    for (let copies = Math.floor(random() * 3); copies > 0; copies--) {
      const behind = sent.indexOf(item) + 1;
      sent.splice(behind + Math.floor(random() * (sent.length - behind + 1)), 0, item);
    }
  }
  return sent;
}
