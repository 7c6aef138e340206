/** Maximum length of a name in a subject; the mail contains it in full. */
const LONGEST_IN_SUBJECT = 60;

/**
 * Inserts a word joiner (U+2060) into what mail clients would make a link of (`example.com`,
 * `me@example.com`, `https://…`), so that names cannot put links into mails.
 */
export function unlinked(text: string): string {
  return text.replace(/(?<=[\p{L}\p{N}])[.@](?=[\p{L}\p{N}])|:(?=\/\/)/gu, '$&\u2060');
}

export function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= LONGEST_IN_SUBJECT) return name;
  return `${letters
    .slice(0, LONGEST_IN_SUBJECT - 1)
    .join('')
    .trimEnd()}…`;
}

/** Applies `change` to the texts of a mail's model and of its lists, except links and addresses. */
export function eachName(
  model: Record<string, unknown>,
  change: (text: string) => string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(model).map(([name, value]) => {
      if (Array.isArray(value)) return [name, value.map((row) => rowOf(row, change))];
      const isName = typeof value === 'string' && !/^email$|url$/i.test(name);
      return [name, isName ? change(value) : value];
    }),
  );
}

function rowOf(row: unknown, change: (text: string) => string): unknown {
  if (typeof row === 'string') return change(row);
  if (typeof row !== 'object' || row === null) return row;
  return eachName(row as Record<string, unknown>, change);
}
