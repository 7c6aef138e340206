import { Controller, Get } from '@nestjs/common';
import { brand } from '../core/brand/brand.js';
import { currentContext } from '../core/context/request-context.js';
import { Access } from '../core/http/access/access.js';
import { page, type Page } from '../core/http/pipeline/answers.js';
import { LoopbackOnly } from '../core/http/pipeline/loopback-only.js';
import { ReferenceOptions } from '../reference/reference-options.js';
import { Translator } from '../core/i18n/translator.js';

/** Shows every partial on one page. Not in production; elsewhere to a browser on this machine only. */
@Controller('dev/components')
@Access('public')
@LoopbackOnly()
export class DevComponentsPageController {
  constructor(
    private readonly options: ReferenceOptions,
    private readonly texts: Translator,
  ) {}

  @Get()
  async show(): Promise<Page> {
    const now = new Date();
    const errors = { wrong: [this.texts.t('dev.components.wrong_message')] };
    return page('dev/components', {
      form: { values: { text: brand.name, country: 'BE' }, errors, message: null },
      countries: await this.options.countries(currentContext().locale),
      tabs: (['tab_one', 'tab_two', 'tab_three'] as const).map((tab, index) => ({
        href: '/dev/components/',
        text: this.texts.t(`dev.components.${tab}`),
        current: index === 0,
      })),
      rows: [
        { name: 'Anna Peeters', initials: 'AP', role: 'admin', at: now },
        { name: 'Marc Lambert', initials: 'ML', role: 'member', at: now },
      ],
      now,
      page: { current: 2, total: 5, previousUrl: '/dev/components/', nextUrl: '/dev/components/' },
    });
  }
}
