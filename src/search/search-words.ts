/** Lower case, without accents, as `app_search_text` of the database folds rows. */
export function folded(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/**
 * How well a label answers what was typed, 0 being the best: 0 it begins with it; 1 every word typed begins one
 * of its words; 2 or one of its group's; null where a word begins none.
 */
export function rankOf(typed: string, label: string, group: string): 0 | 1 | 2 | null {
  const wanted = wordsOf(typed);
  if (wanted.length === 0) return null;
  if (folded(label).startsWith(folded(typed))) return 0;
  const own = wordsOf(label);
  if (areBegun(own, wanted)) return 1;
  return areBegun([...own, ...wordsOf(group)], wanted) ? 2 : null;
}

function areBegun(words: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((start) => words.some((word) => word.startsWith(start)));
}

function wordsOf(text: string): string[] {
  return folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}
