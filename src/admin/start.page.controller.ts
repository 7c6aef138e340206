import { Controller, Get } from '@nestjs/common';
import { Access } from '../core/http/access/access.js';
import type { Page } from '../core/http/pipeline/answers.js';
import { AdminShell } from '../core/back-office/admin-shell.js';
import { StartSections } from '../core/back-office/start/start-sections.js';
import { chartOf } from '../core/back-office/start/chart.js';
import { DAYS, type DayFigures, type Funnel } from './statistics.repository.js';
import { StatisticsService } from './statistics.service.js';

/** Start page of the back office: statistics of the product. i18n-uses: admin.charts.* */
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
    const model = {
      days: DAYS,
      countedAt,
      charts: [
        { name: 'sign_ups', texts: 'admin.charts.sign_ups', isSum: true, chart: chart('signUps') },
        {
          name: 'failed_jobs',
          texts: 'admin.charts.failed_jobs',
          isSum: true,
          chart: chart('failedJobs'),
        },
        { name: 'active_tenants', texts: 'admin.charts.active_tenants', chart: chart('tenants') },
        { name: 'active_members', texts: 'admin.charts.active_members', chart: chart('members') },
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
