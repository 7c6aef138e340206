import type { ValueTransformer } from 'typeorm';

/** A column `bigint` with amounts of at most 15 digits, which a number holds exactly. */
export const amount: ValueTransformer = {
  from: (value: string | null) => (value === null ? null : Number(value)),
  to: (value: number | null) => value,
};

/** A column `time` to the minute: `14:30`. */
export const timeOfDay: ValueTransformer = {
  from: (value: string | null) => value?.slice(0, 5) ?? null,
  to: (value: string | null) => value,
};
