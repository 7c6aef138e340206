import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AppConfig } from '../core/config/config.js';
import { currentContext } from '../core/context/request-context.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Access, AllowReadOnlyImpersonation } from '../core/http/access/access.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { seeOther, type Redirect } from '../core/http/pipeline/answers.js';
import { Cookies } from '../core/http/security/cookies.js';
import { HintField } from '../core/http/forms/fields.js';
import { formOf, type Form } from '../core/http/forms/form.js';
import { NextForm } from '../core/http/forms/next-form.js';
import { returnPath } from '../core/http/security/return-path.js';
import { safePath } from '../core/http/security/safe-path.js';
import { isTheme } from '../core/http/pages/shell-builder.js';
import { localeFromCode, offeredLocales } from '../core/i18n/locales.js';
import { ProfilesService } from './profiles.service.js';

const YEAR = 365 * 24 * 3600;

/** Invalid choices are handled by each route. */
class ThemeForm extends NextForm {
  @HintField(/^[a-z]{1,20}$/) theme?: string;
}

class LanguageForm extends NextForm {
  @HintField(/^[A-Za-z-]{2,10}$/) language?: string;
}

/**
 * Theme and language, with or without a session; stored on the profile when there is one. During
 * impersonation they are the superuser's own.
 */
@Controller()
@Access('public')
@AllowReadOnlyImpersonation()
@NotSensitive()
export class PreferencesPageController {
  constructor(
    private readonly cookies: Cookies,
    private readonly profiles: ProfilesService,
    private readonly config: AppConfig,
  ) {}

  /** Answers a script with `{"ok":true,"theme":…}`, a form without script with the page it came from. */
  @Post('theme/set')
  async setTheme(
    @Body(formOf(ThemeForm)) { input: { theme, next } }: Form<ThemeForm>,
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<{ ok: true; theme: string } | Redirect> {
    if (!isTheme(theme)) throw new DomainError('malformed', 'profile.errors.unknown_theme');
    const { principal } = currentContext();
    if (principal && !principal.impersonator) await this.profiles.setTheme(principal, theme);
    else this.cookies.write(res, 'theme', theme, YEAR);
    if (next !== undefined && !req.get('accept')?.includes('json')) {
      return seeOther(safePath(next, '/'));
    }
    res.status(200);
    return { ok: true, theme };
  }

  @Post('i18n/setlang')
  async setLanguage(
    @Body(formOf(LanguageForm)) { input: { language, next } }: Form<LanguageForm>,
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Redirect> {
    const locale = localeFromCode(language, offeredLocales(this.config));
    if (locale) {
      this.cookies.write(res, 'lang', locale.toLowerCase(), YEAR);
      const { principal } = currentContext();
      if (principal && !principal.impersonator) await this.profiles.setLanguage(principal, locale);
    }
    return seeOther(safePath(next, returnPath(req) ?? '/'));
  }
}
