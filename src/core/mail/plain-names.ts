/** As much of a name as a subject shows; the mail itself says it in full. */
const LONGEST_IN_SUBJECT = 60;

/**
 * Breaks what mail clients would make a link of (`example.com`, `me@example.com`, `https://…`) by an
 * invisible word joiner (U+2060): whoever names an organisation must not put a link into our mails.
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

/** The texts of a mail's model through `change`; its links and addresses as they are. */
export function eachName(
  model: Record<string, unknown>,
  change: (text: string) => string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(model).map(([name, value]) =>
      typeof value === 'string' && !/^email$|url$/i.test(name)
        ? [name, change(value)]
        : [name, value],
    ),
  );
}
