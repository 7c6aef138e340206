import type { FlagName } from '../features/names.js';

/** For whom a feature is asked. */
export interface FlagSubject {
  userId: string | null;
  tenantId: string | null;
}

/**
 * Which features are on: the one call for guards, services, templates and the API. It costs no
 * statement, and what staff change counts in every process within a second or so. Implemented where
 * overrides are kept; core only needs the answer.
 */
export abstract class FeatureFlags {
  /** @param subject whoever is asking, unless said */
  abstract isOn(flag: FlagName, subject?: FlagSubject): boolean;

  /** Every feature there is, for one subject. */
  abstract all(subject?: FlagSubject): Record<FlagName, boolean>;
}
