/** Deletes batches until none is left. Returns the number of deleted rows. */
export async function untilNone(removeBatch: () => Promise<number>): Promise<number> {
  let all = 0;
  for (let some; (some = await removeBatch()) > 0;) all += some;
  return all;
}
