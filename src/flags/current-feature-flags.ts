import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { currentContext } from '../core/context/request-context.js';
import { DatabaseNotifications } from '../core/database/database-notifications.js';
import { FeatureFlags, type FlagSubject } from '../core/flags/feature-flags.js';
import type { FlagName } from '../core/features/names.js';
import { flagDeclaration, flagNames, isFlag } from '../core/flags/flags.js';
import { Decisions, type Rollout } from './decisions.js';
import { FlagsRepository } from './flags.repository.js';

/** Interval of reloads in ms, in case notifications are lost. */
const RELOAD_INTERVAL = 60_000;

/** All decisions of staff, held in memory and reloaded on every change. */
@Injectable()
export class CurrentFeatureFlags
  extends FeatureFlags
  implements OnModuleInit, OnApplicationShutdown
{
  private readonly log = new Logger('Features');
  private decided = new Map<string, Decisions>();
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(
    private readonly flags: FlagsRepository,
    private readonly notifications: DatabaseNotifications,
  ) {
    super();
  }

  isOn(flag: FlagName, subject: FlagSubject = asking()): boolean {
    return this.decided.get(flag)?.for(subject) ?? flagDeclaration(flag).default;
  }

  all(subject: FlagSubject = asking()): Record<FlagName, boolean> {
    const all = flagNames().map((flag) => [flag, this.isOn(flag, subject)] as const);
    return Object.fromEntries(all) as Record<FlagName, boolean>;
  }

  /** Summary for staff. */
  decidedAbout(flag: FlagName): { rollout: Rollout | null; exceptions: number } {
    const { rollout, tenants, users } = this.decided.get(flag) ?? new Decisions(flag);
    return { rollout, exceptions: tenants.size + users.size };
  }

  async onModuleInit(): Promise<void> {
    await this.read();
    const reload = () =>
      this.reload().catch((error: Error) =>
        this.log.warn(`Features stay as they were: they could not be read: ${error.message}`),
      );
    this.notifications.on('flags_changed', reload);
    this.timer = setInterval(() => void reload(), RELOAD_INTERVAL).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /**
   * Reloads the decisions; everything committed before the call applies afterwards. Concurrent callers share
   * one statement.
   */
  reload(): Promise<void> {
    if (!this.reading) {
      return (this.reading = this.read().finally(() => (this.reading = undefined)));
    }
    // The running read may be older than the caller's change, so another one follows.
    return (this.next ??= this.reading
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.reload();
      }));
  }

  private async read(): Promise<void> {
    const decided = new Map<string, Decisions>();
    for (const row of await this.flags.decisions()) {
      if (!isFlag(row.flag)) continue;
      let decisions = decided.get(row.flag);
      if (!decisions) decided.set(row.flag, (decisions = new Decisions(row.flag)));
      if (row.percent !== null) decisions.rollout = { percent: row.percent, unit: row.unit };
      else if (row.userId) decisions.users.set(row.userId, row.isOn);
      else if (row.tenantId) decisions.tenants.set(row.tenantId, row.isOn);
    }
    this.decided = decided;
  }
}

function asking(): FlagSubject {
  const { actorId: userId, tenantId } = currentContext();
  return { userId, tenantId };
}
