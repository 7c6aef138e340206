import { Controller, Get } from '@nestjs/common';
import { Access } from '../core/http/access.js';
import type { Page } from '../core/http/answers.js';
import { AdminShell } from './admin-shell.js';
import { chartOf } from './chart.js';
import { DAYS, StatisticsRepository, type Funnel } from './statistics.repository.js';

/** Where staff begin: how the product is doing. */
@Controller('admin')
@Access('staff')
export class StartPageController {
  constructor(
    private readonly statistics: StatisticsRepository,
    private readonly shell: AdminShell,
  ) {}

  @Get()
  async show(): Promise<Page> {
    const [signUps, active, funnel, failedJobs] = await Promise.all([
      this.statistics.signUps(),
      this.statistics.active(),
      this.statistics.funnel(),
      this.statistics.failedJobs(),
    ]);
    const model = {
      days: DAYS,
      charts: [
        { name: 'sign_ups', isSum: true, chart: chartOf(signUps) },
        { name: 'failed_jobs', isSum: true, chart: chartOf(failedJobs) },
        {
          name: 'active_tenants',
          chart: chartOf(active.map(({ day, tenants }) => ({ day, count: tenants }))),
        },
        {
          name: 'active_members',
          chart: chartOf(active.map(({ day, members }) => ({ day, count: members }))),
        },
      ],
      funnel: stepsOf(funnel),
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
