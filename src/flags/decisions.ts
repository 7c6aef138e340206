import { hash } from 'node:crypto';
import type { FlagSubject } from '../core/flags/feature-flags.js';
import type { RolloutUnit } from './flag-rollout.entity.js';

export interface Rollout {
  /** 0–100. */
  percent: number;
  unit: RolloutUnit;
}

/** Decisions of staff about one flag. */
export class Decisions {
  rollout: Rollout | null = null;
  readonly tenants = new Map<string, boolean>();
  readonly users = new Map<string, boolean>();

  constructor(private readonly flag: string) {}

  /** The person's override, else the organisation's, else the rollout; undefined when nothing was decided. */
  for({ userId, tenantId }: FlagSubject): boolean | undefined {
    return (
      (userId ? this.users.get(userId) : undefined) ??
      (tenantId ? this.tenants.get(tenantId) : undefined) ??
      this.rolledOut({ userId, tenantId })
    );
  }

  /** 0 % and 100 % apply to everybody; other percentages need an id. */
  private rolledOut({ userId, tenantId }: FlagSubject): boolean | undefined {
    if (!this.rollout) return undefined;
    const { percent, unit } = this.rollout;
    if (percent === 0 || percent === 100) return percent === 100;
    const id = unit === 'tenant' ? tenantId : userId;
    return id ? placeOf(this.flag, id) < percent : undefined;
  }
}

/**
 * Position of an organisation or person from 0 up to (not including) 100: the first four bytes of
 * SHA-256(`<flag>:<id>`) divided by 2³², times 100. Stable in every process, so a growing percentage only
 * adds; different for each flag.
 */
export function placeOf(flag: string, id: string): number {
  return (hash('sha256', `${flag}:${id}`, 'buffer').readUInt32BE() / 2 ** 32) * 100;
}
