/**
 * How many times as long as usual tests may take here, 1 or more: `npm test` measures the machine before
 * the run (global-setup.mjs), or ATRIUM_TEST_TIMEOUT says it.
 */
const SLOWNESS = Number(process.env.ATRIUM_TEST_SLOWNESS ?? 1);

/** As long as that on a usual machine, in the same unit. */
export function allow(time: number): number {
  return time * SLOWNESS;
}

/** How long something that will come is waited for at most: neighbours may take the machine at any moment. */
export function patience(time: number): number {
  return allow(3 * time);
}
