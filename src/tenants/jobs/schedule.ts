/** When the job of a period begins, in the time zone of the organisation: UTC where it has none. */
export interface Schedule {
  /** A week begins on Monday, a month on its first day. */
  every: 'day' | 'week' | 'month';
  /** 0–23. */
  hour: number;
}
