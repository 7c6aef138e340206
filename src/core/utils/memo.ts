/**
 * Makes a thing once for each name. Nothing is ever forgotten: names come from what is configured or
 * built in (locales, time zones, currencies), never from a visitor.
 */
export function memo(): <T>(name: string, make: () => T) => T {
  const made = new Map<string, unknown>();
  return <T>(name: string, make: () => T): T => {
    if (!made.has(name)) made.set(name, make());
    return made.get(name) as T;
  };
}
