import { Controller, Get } from '@nestjs/common';
import { DatabaseProbe } from '../core/database/database-probe.js';
import { Access } from '../core/http/access/access.js';
import { page, type Page } from '../core/http/pipeline/answers.js';

/** What works at this moment, for people; probes ask `/health`. */
@Controller('status')
@Access('public')
export class StatusPageController {
  constructor(private readonly database: DatabaseProbe) {}

  /** Answers 200 also when a part does not work: the page says which. */
  @Get()
  async show(): Promise<Page> {
    const isDatabaseUp = await this.database.ping().then(
      () => true,
      () => false,
    );
    const parts = [
      { name: 'pages', isUp: true },
      { name: 'data', isUp: isDatabaseUp },
    ];
    return page('site/status', { parts, isWell: isDatabaseUp, at: new Date() });
  }
}
