/** Whether the text is a day that exists (ISO 8601): `2026-02-30` would come back as 2 March. */
export function isCalendarDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(`${text}T`);
}
