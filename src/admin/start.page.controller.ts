import { Controller, Get } from '@nestjs/common';
import { Access } from '../core/http/access/access.js';
import type { Page } from '../core/http/pipeline/answers.js';
import { AdminShell } from '../core/back-office/admin-shell.js';
import { StartSections } from '../core/back-office/start/start-sections.js';
import { comparisonOf } from '../core/back-office/start/comparison.js';
import { currentContext } from '../core/context/request-context.js';
import { chartOf } from '../core/back-office/start/chart.js';
import { DAYS, type DayFigures, type Funnel } from './statistics.repository.js';
import { StatisticsService } from './statistics.service.js';

type Sum = 'signUps' | 'failedJobs';

/** Start page of the back office: statistics of the product. i18n-uses: admin.charts.* i18n-uses: admin.compared.* */
@Controller('admin')
@Access('staff')
export class StartPageController {
  constructor(
    private readonly statistics: StatisticsService,
    private readonly sections: StartSections,
    private readonly shell: AdminShell,
  ) {}

  @Get()
  async show(): Promise<Page> {
    const { figures, countedAt } = await this.statistics.latest();
    const chart = (of: Exclude<keyof DayFigures, 'day'>) =>
      chartOf(figures.days.map((each) => ({ day: each.day, count: each[of] })));
    const { before } = figures;
    const { locale } = currentContext();
    const sumBefore = (of: Sum) => {
      if (!before) return null;
      const now = figures.days.reduce((sum, day) => sum + day[of], 0);
      return comparisonOf({ now, before: before[of] }, 'sum', locale);
    };
    const stateBefore = (of: 'tenants' | 'members') => {
      const numbers = { now: figures.days.at(-1)?.[of] ?? 0, before: figures.days[0]?.[of] ?? 0 };
      return comparisonOf(numbers, 'state', locale);
    };
    const model = {
      days: DAYS,
      countedAt,
      charts: [
        {
          name: 'sign_ups',
          texts: 'admin.charts.sign_ups',
          isSum: true,
          chart: chart('signUps'),
          compared: sumBefore('signUps'),
        },
        {
          name: 'failed_jobs',
          texts: 'admin.charts.failed_jobs',
          isSum: true,
          chart: chart('failedJobs'),
          compared: sumBefore('failedJobs'),
        },
        {
          name: 'active_tenants',
          texts: 'admin.charts.active_tenants',
          chart: chart('tenants'),
          compared: stateBefore('tenants'),
        },
        {
          name: 'active_members',
          texts: 'admin.charts.active_members',
          chart: chart('members'),
          compared: stateBefore('members'),
        },
      ],
      sections: this.sections.present(figures.sections),
      funnel: stepsOf(figures.funnel),
    };
    return this.shell.page('admin/start', model, '');
  }
}

/** Each step as a share of those who registered, in percent; null when nobody did. */
function stepsOf(funnel: Funnel) {
  const steps = ['registered', 'profile_completed', 'email_verified', 'in_organisation'] as const;
  if (funnel.registered === 0) return null;
  return steps.map((name) => ({
    name,
    count: funnel[name],
    percent: Math.round((funnel[name] / funnel.registered) * 100),
  }));
}
