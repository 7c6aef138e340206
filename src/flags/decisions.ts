import { hash } from 'node:crypto';
import type { FlagSubject } from '../core/flags/feature-flags.js';
import type { RolloutUnit } from './flag-rollout.entity.js';

export interface Rollout {
  /** 0–100. */
  percent: number;
  unit: RolloutUnit;
}

/** What staff have decided about one feature. */
export class Decisions {
  rollout: Rollout | null = null;
  readonly tenants = new Map<string, boolean>();
  readonly users = new Map<string, boolean>();

  constructor(private readonly flag: string) {}

  /** The person's own exception, else the organisation's, else the share; undefined: nobody decided. */
  for({ userId, tenantId }: FlagSubject): boolean | undefined {
    return (
      (userId ? this.users.get(userId) : undefined) ??
      (tenantId ? this.tenants.get(tenantId) : undefined) ??
      this.rolledOut({ userId, tenantId })
    );
  }

  /** All and nobody is everybody, whoever asks; a share in between needs somebody to count. */
  private rolledOut({ userId, tenantId }: FlagSubject): boolean | undefined {
    if (!this.rollout) return undefined;
    const { percent, unit } = this.rollout;
    if (percent === 0 || percent === 100) return percent === 100;
    const id = unit === 'tenant' ? tenantId : userId;
    return id ? placeOf(this.flag, id) < percent : undefined;
  }
}

/**
 * Where an organisation or person stands among 100 %, from 0 up to but not 100: the first four bytes of
 * SHA-256(`<flag>:<id>`) as a share of 2³². The same in every process and for ever, so a share that
 * grows only adds; different from feature to feature, so the same ones are not always first.
 */
export function placeOf(flag: string, id: string): number {
  return (hash('sha256', `${flag}:${id}`, 'buffer').readUInt32BE() / 2 ** 32) * 100;
}
