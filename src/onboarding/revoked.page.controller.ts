import { Controller, Get } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { Access, GateExempt } from '../core/http/access/access.js';
import { page, seeOther, type Answer } from '../core/http/pipeline/answers.js';
import { CurrentUser } from '../core/http/access/current-user.js';

/** Page for people whose access was revoked. */
@Controller('account/revoked')
@Access('self')
@GateExempt()
export class RevokedPageController {
  @Get()
  show(@CurrentUser() me: Principal): Answer {
    if (me.profileActive) return seeOther('/dashboard/');
    // No admin is named where the whole organisation was deactivated.
    const organization = me.tenantActive ? me.organization : null;
    return page('onboarding/revoked', { organization });
  }
}
