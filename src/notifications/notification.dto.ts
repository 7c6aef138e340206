import { ApiProperty } from '@nestjs/swagger';
import { ListDto } from '../core/http/api/list.dto.js';
import { CHANNELS, type Channel } from './preferences/channels.js';
import type { PresentedNotification } from './notification.presenter.js';

/** A notification of the signed-in person. */
export class NotificationDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ description: 'What happened; kinds come and go', example: 'member.joined' })
  kind: string;
  @ApiProperty({ description: 'In the language of the person', example: 'Ann Peeters has joined.' })
  text: string;
  @ApiProperty({ format: 'uri', description: 'The page it leads to' }) url: string;
  @ApiProperty() is_read: boolean;
  @ApiProperty({ format: 'date-time' }) created_at: Date;
}

export class NotificationListDto extends ListDto {
  @ApiProperty({ type: [NotificationDto] }) items: NotificationDto[];
}

/** How the person is told of one kind. */
export class NotificationPreferenceDto {
  @ApiProperty({ example: 'member.joined' }) kind: string;
  @ApiProperty({ description: 'In the language of the person', example: 'Somebody joins' })
  label: string;
  @ApiProperty({ enum: CHANNELS }) channel: Channel;
  @ApiProperty({ enum: CHANNELS, isArray: true, description: 'What can be chosen' })
  channels: readonly Channel[];
  @ApiProperty({ description: 'Whether a mail is sent in any case' }) is_mailed: boolean;
}

export class NotificationPreferenceListDto {
  @ApiProperty({ type: [NotificationPreferenceDto] }) items: NotificationPreferenceDto[];
}

export function notificationDto(
  { id, kind, text, href, isRead, createdAt }: PresentedNotification,
  appUrl: string,
): NotificationDto {
  return { id, kind, text, url: appUrl + href, is_read: isRead, created_at: createdAt };
}
