/** An event of a record's timeline. */
export interface RecordEvent {
  id: string;
  at: Date;
  icon: string;
  /** A sentence without a full stop: who did what. */
  sentence: string;
}

/** The timeline of a record, of any organisation or none. Implemented by the audit feature. */
export abstract class RecordHistory {
  /** Latest first, at most `limit`. */
  abstract of(recordId: string, limit: number): Promise<readonly RecordEvent[]>;
}
