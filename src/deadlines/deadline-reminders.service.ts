import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { listed } from '../core/features/registry.js';
import { OpenPages } from '../core/http/access/open-pages.js';
import { Notifications } from '../notifications/notifications.service.js';
import { TenantJobs, type TenantPeriod } from '../tenants/jobs/tenant-jobs.service.js';
import { AgendaRepository } from './agenda.repository.js';

/** Each morning, in the time zone of the organisation: tells members which of their rows are due today. */
@Injectable()
export class DeadlineReminders implements OnModuleInit {
  constructor(
    private readonly agenda: AgendaRepository,
    private readonly pages: OpenPages,
    private readonly notifications: Notifications,
    private readonly tenantJobs: TenantJobs,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    const schedule = { every: 'day', hour: 7 } as const;
    this.tenantJobs.handle('deadline_reminders', schedule, (period) => this.remind(period));
  }

  /** One notification for each member who may read their rows, however many of them are due. */
  private remind({ day }: TenantPeriod): Promise<void> {
    return this.unitOfWork.run(async () => {
      const titles = new Map<string, string[]>();
      for (const kind of listed('agenda')) {
        const roles = this.pages.rolesOf(kind.href);
        for (const { userId, title } of await this.agenda.dueOn(kind, day, roles)) {
          if (!this.pages.isOnFor(kind.href, userId)) continue;
          titles.set(userId, [...(titles.get(userId) ?? []), title]);
        }
      }
      for (const [userId, [title, ...others]] of titles) {
        const data = { title: title!, count: others.length + 1, others: others.length };
        await this.notifications.tell([userId], 'deadline.today', data);
      }
    });
  }
}
