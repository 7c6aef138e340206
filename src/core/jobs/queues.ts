import type { Queue } from 'pg-boss';

/** What a job of each queue carries. Everything in it must survive JSON. */
export interface JobData {
  mail: MailJob | SealedMailJob;
  /**
   * Somebody asked for a reset link, or wanted to register an address that is taken; whether the address
   * is known is nobody's to notice.
   */
  password_reset: { email: string; isRegistration?: boolean };
  /** An organisation's data is made into a file; `email` is told when it is ready. */
  tenant_export: { exportId: string; email: string };
  /** The days of a file are over. */
  tenant_export_expiry: Record<string, never>;
  /** Once a day: what is over goes. */
  purge: Record<string, never>;
  /** Every ten minutes: figures that take long to count. */
  statistics: Record<string, never>;
}

/**
 * As it lies in the database: template and model are sealed, since they may carry a single-use link. A
 * worker of the version before finds no `template`, fails, and leaves the job to one of this version.
 */
export interface SealedMailJob {
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

/** Nobody works on these: they wait, for three months, until staff look at them. */
export const DEAD_LETTER_QUEUE: Omit<Queue, 'name'> = { retentionSeconds: 90 * DAY };

/** Retries with back-off over about a day, then the dead-letter queue, which staff can see. */
const PATIENT: Omit<Queue, 'name'> = {
  retryLimit: 12,
  retryDelay: 5,
  retryBackoff: true,
  retryDelayMax: 3 * 3600,
  expireInSeconds: 120,
  retentionSeconds: 2 * DAY,
  deleteAfterSeconds: 60,
  deadLetter: DEAD_LETTERS,
};

export const QUEUES: Record<QueueName, Omit<Queue, 'name'>> = {
  mail: PATIENT,
  password_reset: PATIENT,
  // Cut off, it begins again; it may take a quarter of an hour.
  tenant_export: { ...PATIENT, retryLimit: 2, expireInSeconds: 900 },
  tenant_export_expiry: PATIENT,
  // Kept until its day, or its ten minutes, are over: of each there is one.
  purge: { ...PATIENT, expireInSeconds: 3600, deleteAfterSeconds: 2 * DAY },
  // The next one takes its place.
  statistics: {
    retryLimit: 0,
    expireInSeconds: 300,
    retentionSeconds: 1200,
    deleteAfterSeconds: 1200,
  },
};
