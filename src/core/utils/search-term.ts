/** What is searched for, without characters that no text of the database can hold (NUL, lone surrogates). */
export function searchTerm(typed: string): string {
  return typed.replaceAll('\0', '').toWellFormed().trim();
}
