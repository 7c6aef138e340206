import { Controller, Get } from '@nestjs/common';
import { May } from '../core/http/access/access.js';
import { Redirect, seeOther } from '../core/http/pipeline/answers.js';

@Controller('settings')
@May('members:read')
export class SettingsPageController {
  @Get()
  first(): Redirect {
    return seeOther('/settings/users/');
  }

  /** Redirect of the former URL of the members. */
  @Get('members')
  moved(): Redirect {
    return new Redirect('/settings/users/', 301);
  }
}
