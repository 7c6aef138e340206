/**
 * Memoises by name, without eviction: names come from configuration or built-in lists (locales, time zones,
 * currencies), never from users.
 */
export function memo(): <T>(name: string, make: () => T) => T {
  const made = new Map<string, unknown>();
  return <T>(name: string, make: () => T): T => {
    if (!made.has(name)) made.set(name, make());
    return made.get(name) as T;
  };
}
