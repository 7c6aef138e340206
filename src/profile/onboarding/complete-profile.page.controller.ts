import { Body, Controller, Get, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { AppConfig } from '../../core/config/config.js';
import type { Principal } from '../../core/context/principal.js';
import { currentContext } from '../../core/context/request-context.js';
import { Access, GateExempt } from '../../core/http/access/access.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { page, seeOther, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { nextOnboardingStep } from '../../core/http/access/onboarding-steps.js';
import { safePath, withNext } from '../../core/http/security/safe-path.js';
import { mediaUrl } from '../../core/http/pages/shell-builder.js';
import { Upload, UploadedImage } from '../../core/http/uploads/upload.js';
import { ReferenceOptions } from '../../reference/reference-options.js';
import { ProfilesService } from '../profiles.service.js';
import { SessionsService } from '../../users/sessions/sessions.service.js';
import { CompleteProfileForm } from './complete-profile.forms.js';
import type { SuggestionSource } from './suggestions.js';
import { SuggestionsService } from './suggestions.service.js';

/** Onboarding, step 1. */
@Controller('profile/complete')
@Access('self')
@GateExempt()
@NotSensitive()
export class CompleteProfilePageController {
  constructor(
    private readonly profiles: ProfilesService,
    private readonly sessions: SessionsService,
    private readonly suggestions: SuggestionsService,
    private readonly options: ReferenceOptions,
    private readonly config: AppConfig,
  ) {}

  @Get()
  async show(
    @CurrentUser() me: Principal,
    @Query('next') next: unknown,
    @Req() req: Request,
  ): Promise<Page> {
    const { displayName, timezone, country, source } = await this.suggestions.forProfile(
      me,
      req.ip,
    );
    const values = { display_name: displayName, timezone, country, next: safePath(next, '') };
    return this.page(me, Form.blank(values), source);
  }

  @Post()
  @Upload('avatar')
  complete(
    @CurrentUser() me: Principal,
    @Body(formOf(CompleteProfileForm)) form: Form<CompleteProfileForm>,
    @UploadedImage() avatar: Buffer | null,
  ): Promise<Answer> {
    if (form.values.skip) return this.skip(me, form.values.next);
    return submit(
      form,
      (refused) => this.page(me, refused, null),
      async ({ display_name, timezone, country, next }) => {
        const details = { displayName: display_name, timezone, country, avatar };
        await this.profiles.complete(me, details);
        return this.onwards({ ...me, profileCompletedAt: new Date() }, next);
      },
    );
  }

  /** Postpones the step for this session. */
  private async skip(me: Principal, next: string | undefined): Promise<Answer> {
    const flags = { skip_profile_gate: true };
    await this.sessions.remember(me, flags);
    return this.onwards({ ...me, flags: { ...me.flags, ...flags } }, next);
  }

  private async page(
    me: Principal,
    form: Form<object>,
    suggested: SuggestionSource | null,
  ): Promise<Page> {
    const { locale } = currentContext();
    return page('profile/complete-profile', {
      form,
      suggested,
      avatarUrl: mediaUrl(me.avatarKey),
      timezones: await this.options.timezones(locale, form.values.timezone ?? null),
      countries: await this.options.countries(locale),
    });
  }

  /** Redirects to the next step with `next`, or to `next`. */
  private onwards(me: Principal, next: string | undefined): Answer {
    const path = safePath(next, '');
    const step = nextOnboardingStep(me, this.config);
    return seeOther(step ? withNext(step.path, path) : path || '/dashboard/');
  }
}
