import type { Queue } from 'pg-boss';

/** Data of a job by queue; features merge theirs in (`declare module`). Must be serialisable as JSON. */
export interface JobData {
  mail: MailJob | EncryptedMailJob;
}

/**
 * A mail job as stored: template and model are encrypted, since they may contain a single-use link. A worker
 * of the previous version finds no `template`, fails, and leaves the job to one of this version.
 */
export interface EncryptedMailJob {
  to: string;
  /** Name of the template, readable for staff. */
  kind: string;
  /** Base64. */
  sealed: string;
}

/** A mail to render and send. */
export interface MailJob {
  to: string;
  template: string;
  /** Named values for subject and templates. */
  model: Record<string, unknown>;
}

export type QueueName = keyof JobData;

export const DEAD_LETTERS = 'dead-letters';

export const DAY = 24 * 3600;

/** Policy of a queue whose jobs have a key: jobs of one key run one after another, in order. */
export const KEYED = 'key_strict_fifo';

/** Policy, retention, retries and expiry of a queue's jobs, in seconds. The policy cannot be changed later. */
export type QueueOptions = Readonly<Omit<Queue, 'name'>>;

/** Has no worker: dead letters are kept for three months for staff. */
export const DEAD_LETTER_QUEUE: QueueOptions = { retentionSeconds: 90 * DAY };

/** Retries with back-off for about a day, then moves the job to the dead-letter queue. */
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
