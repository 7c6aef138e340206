/** Something that was done to a record, as its page shows it. */
export interface RecordEvent {
  id: string;
  at: Date;
  icon: string;
  /** Who did what, with no full stop. */
  sentence: string;
}

/** What was done to a record of any organisation, or of none. Implemented by the feature that keeps the trail. */
export abstract class RecordHistory {
  /** Latest first, at most `limit`. */
  abstract of(recordId: string, limit: number): Promise<readonly RecordEvent[]>;
}
