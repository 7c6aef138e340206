import type { FlagName } from '../features/names.js';

/** The user and organisation for whom a flag is evaluated. */
export interface FlagSubject {
  userId: string | null;
  tenantId: string | null;
}

/**
 * Evaluates feature flags for guards, services, templates and the API, from memory. A change by staff applies
 * in every process within about a second. Implemented by the flags feature.
 */
export abstract class FeatureFlags {
  /** @param subject default: the current user and organisation */
  abstract isOn(flag: FlagName, subject?: FlagSubject): boolean;

  /** All flags, for one subject. */
  abstract all(subject?: FlagSubject): Record<FlagName, boolean>;
}
