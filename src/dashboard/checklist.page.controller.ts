import { Controller, Post } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { WorksReadOnly } from '../core/entitlements/read-only.guard.js';
import { May } from '../core/http/access/access.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { seeOther, success, type Redirect } from '../core/http/pipeline/answers.js';
import { Checklist } from './checklist.service.js';

/** Puts the checklist away for the person alone, and brings it back. */
@Controller('dashboard/checklist')
@May('tenant:write')
@NotSensitive()
export class ChecklistPageController {
  constructor(private readonly checklist: Checklist) {}

  @Post('hide')
  @WorksReadOnly('always')
  async hide(@CurrentUser() me: Principal): Promise<Redirect> {
    await this.checklist.hide(me, true);
    const undo = '/dashboard/checklist/undo/';
    return seeOther('/dashboard/', { ...success('dashboard.checklist.hidden'), undo });
  }

  @Post('undo')
  @WorksReadOnly('always')
  async undo(@CurrentUser() me: Principal): Promise<Redirect> {
    await this.checklist.hide(me, false);
    return seeOther('/dashboard/', success('dashboard.checklist.back'));
  }
}
