import type { Queue } from 'pg-boss';

/**
 * What a job of each queue carries; features merge theirs in (`declare module`). Everything in it must
 * survive JSON.
 */
export interface JobData {
  mail: MailJob | EncryptedMailJob;
}

/**
 * As it lies in the database: template and model are sealed, since they may carry a single-use link. A
 * worker of the version before finds no `template`, fails, and leaves the job to one of this version.
 */
export interface EncryptedMailJob {
  to: string;
  /** The template, for people to see. */
  kind: string;
  /** Base64. */
  sealed: string;
}

/** A mail to render and hand over. */
export interface MailJob {
  to: string;
  template: string;
  /** Named values for subject and templates. */
  model: Record<string, unknown>;
}

export type QueueName = keyof JobData;

export const DEAD_LETTERS = 'dead-letters';

export const DAY = 24 * 3600;

/** How jobs of a queue are kept, tried again and given up. Seconds. */
export type QueueOptions = Readonly<Omit<Queue, 'name'>>;

/** Nobody works on these: they wait, for three months, until staff look at them. */
export const DEAD_LETTER_QUEUE: QueueOptions = { retentionSeconds: 90 * DAY };

/** Retries with back-off over about a day, then the dead-letter queue, which staff can see. */
export const PATIENT = {
  retryLimit: 12,
  retryDelay: 5,
  retryBackoff: true,
  retryDelayMax: 3 * 3600,
  expireInSeconds: 120,
  retentionSeconds: 2 * DAY,
  deleteAfterSeconds: 60,
  deadLetter: DEAD_LETTERS,
} as const satisfies QueueOptions;
