import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../core/context/principal.js';
import { Access } from '../../core/http/access/access.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { jsonBody } from '../../core/http/pipeline/json-body.js';
import { BODY, ONBOARDED, Operation } from '../../core/http/pipeline/operation.js';
import { Translator } from '../../core/i18n/translator.js';
import { NotificationPreferenceDto, NotificationPreferenceListDto } from '../notification.dto.js';
import { NotificationPreferencePatch } from './notification-preferences.forms.js';
import { NotificationPreferences, type Preference } from './notification-preferences.service.js';

@ApiTags('Notifications')
@Controller('api/v1/notifications/preferences')
@Access('self')
@NotSensitive()
export class NotificationPreferencesApiController {
  constructor(
    private readonly preferences: NotificationPreferences,
    private readonly texts: Translator,
  ) {}

  @Get()
  @Operation({
    id: 'listNotificationPreferences',
    summary: 'How one is told, by kind',
    answers: [200, NotificationPreferenceListDto],
    refusals: ONBOARDED,
    isTagged: true,
  })
  async list(@CurrentUser() me: Principal): Promise<NotificationPreferenceListDto> {
    const preferences = await this.preferences.of(me);
    return { items: preferences.map((each) => this.present(each)) };
  }

  @Patch(':kind')
  @ApiBody({ type: NotificationPreferencePatch })
  @Operation({
    id: 'updateNotificationPreference',
    summary: 'Choose how one is told of a kind',
    answers: [200, NotificationPreferenceDto],
    refusals: [...BODY, ...ONBOARDED, 404],
  })
  async choose(
    @CurrentUser() me: Principal,
    @Param('kind') kind: string,
    @Body(jsonBody(NotificationPreferencePatch)) { channel }: NotificationPreferencePatch,
  ): Promise<NotificationPreferenceDto> {
    await this.preferences.choose(me, { [kind]: channel });
    const preferences = await this.preferences.of(me);
    return this.present(preferences.find((each) => each.kind === kind)!);
  }

  private present({ kind, label, channel, channels, isMailed }: Preference) {
    return { kind, label: this.texts.t(label), channel, channels, is_mailed: isMailed };
  }
}
