import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { AppConfig } from '../../core/config/config.js';
import type { Principal } from '../../core/context/principal.js';
import { Access, GateExempt } from '../../core/http/access/access.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { page, seeOther, type Answer } from '../../core/http/pipeline/answers.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { nextOnboardingStep, pathAfter } from '../../core/http/access/onboarding-steps.js';
import { safePath, withNext } from '../../core/http/security/safe-path.js';
import { MembershipsService } from '../memberships.service.js';
import { CreateTenantForm } from './create-tenant.forms.js';
import { organisationNameFrom } from './organisation-name.js';

/** Onboarding, step 2. Cannot be postponed. */
@Controller('onboarding/create-tenant')
@Access('self')
@GateExempt()
@NotSensitive()
export class CreateTenantPageController {
  constructor(
    private readonly memberships: MembershipsService,
    private readonly config: AppConfig,
  ) {}

  @Get()
  show(@CurrentUser() me: Principal, @Query('next') next: unknown): Answer {
    const path = safePath(next, '');
    if (me.tenantId) return seeOther(path || '/dashboard/');
    const step = this.stepBefore(me);
    if (step) return seeOther(withNext(step.path, path));
    const values = { organization: organisationNameFrom(me.email), next: path };
    return page('members/create-tenant', { form: Form.blank(values) });
  }

  @Post()
  create(
    @CurrentUser() me: Principal,
    @Body(formOf(CreateTenantForm)) form: Form<CreateTenantForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => page('members/create-tenant', { form: refused }),
      async ({ organization, next }) => {
        const outcome = await this.memberships.createOrganisation(me, organization);
        const path = safePath(next, '');
        if (outcome === 'unverified') return seeOther(withNext('/email/verify/', path));
        return seeOther(
          (outcome === 'created' ? pathAfter('tenant', path) : path) || '/dashboard/',
        );
      },
    );
  }

  /** The step before this one: e-mail verification, where required; the profile may be postponed. */
  private stepBefore(me: Principal) {
    const step = nextOnboardingStep(me, this.config);
    return step?.name === 'email' ? step : null;
  }
}
