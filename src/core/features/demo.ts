import type { AuditAction } from './names.js';

/**
 * A moment in the past: days ago and the time of that day (UTC). Without a time: exactly that many days ago,
 * for example 0.01.
 */
export type Moment = readonly [days: number, time?: string];

/** Something a person of the demo did. */
export interface Deed {
  when: Moment;
  /** Local part of the person's address: `emma`, `thomas`, `lotte` … */
  by: string;
}

/** The demo organisation while it is made up: what features add their rows and entries to. */
export interface DemoStory {
  readonly tenantId: string;
  at(moment: Moment): Date;
  /** The day that is so many days from today, as `2027-01-31`; negative: in the past. */
  dayIn(days: number): string;
  userId(address: string): string;
  /** Id of the person's profile. */
  memberId(address: string): string;
  /** The audit columns of a row, by whom it was created and last changed. */
  stamps(created: Deed, updated?: Deed): Record<string, unknown>;
  /** Sets columns of the organisation itself. */
  organisation(values: Record<string, unknown>): void;
  /** Adds a row to a table; parents before children. */
  row(table: string, values: Record<string, unknown>): void;
  /** Adds an entry to the audit trail, as a use case would record it. */
  tell(deed: Deed, action: AuditAction, subject: DemoSubject, changes?: DemoChanges | null): void;
}

export interface DemoSubject {
  kind: string;
  id: string;
  name: string;
}

export type DemoChanges = Record<string, { from: unknown; to: unknown }>;

/** A feature's part of the demo. */
export interface Demo {
  tell(story: DemoStory): void;
}
