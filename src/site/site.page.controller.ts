import { Controller, Get } from '@nestjs/common';
import { brand } from '../core/brand/brand.js';
import { AppConfig } from '../core/config/config.js';
import { Access } from '../core/http/access/access.js';
import { page, type Page } from '../core/http/pipeline/answers.js';

/** Contact, terms and privacy: templates that are filled from `brand/brand.json` and the configuration. */
@Controller()
@Access('public')
export class SitePageController {
  constructor(private readonly config: AppConfig) {}

  @Get('contact')
  contact(): Page {
    const { SUPPORT_EMAIL, securityContactUrl } = this.config;
    return page('site/contact', {
      company: brand.company,
      supportEmail: SUPPORT_EMAIL ?? null,
      hasSecurityContact: securityContactUrl !== null,
    });
  }

  @Get('legal/terms')
  terms(): Page {
    return page('site/terms', { company: brand.company });
  }

  @Get('legal/privacy')
  privacy(): Page {
    const { AUDIT_PERSONAL_DATA_DAYS, SESSION_IDLE_HOURS } = this.config;
    return page('site/privacy', {
      company: brand.company,
      sessionDays: Math.ceil(SESSION_IDLE_HOURS / 24),
      auditDays: AUDIT_PERSONAL_DATA_DAYS,
    });
  }
}
