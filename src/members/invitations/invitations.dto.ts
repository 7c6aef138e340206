import { ApiProperty } from '@nestjs/swagger';
import type { Role } from '../../core/context/principal.js';
import { ListDto } from '../../core/http/api/list.dto.js';
import {
  ChoiceField,
  EmailField,
  PasswordField,
  TokenField,
} from '../../core/http/forms/fields.js';
import type { InvitationRow } from './invitations.repository.js';

/** A pending invitation. */
export class InvitationDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'email' }) email: string;
  @ApiProperty({ enum: ['admin', 'member'] }) role: Role;
  @ApiProperty({
    description: '`expired`: older than seven days; can be sent again',
    enum: ['pending', 'expired'],
  })
  state: 'pending' | 'expired';
  @ApiProperty({ format: 'date-time' }) created_at: Date;
  @ApiProperty({ format: 'date-time' }) expires_at: Date;
}

export class InvitationListDto extends ListDto {
  @ApiProperty({ type: [InvitationDto] }) items: InvitationDto[];
}

/** Address and role to invite. */
export class InviteDto {
  @EmailField() email: string;
  @ChoiceField(['admin', 'member'], { optional: true }) role: Role = 'member';
}

/** `token`: the token of the mailed link. */
export class AcceptInvitationDto {
  @TokenField() token: string;
  /** Password of the new or existing account; not needed when signed in. */
  @PasswordField({ optional: true }) password?: string;
}

export function invitationDto(row: InvitationRow): InvitationDto {
  const { id, email, role, isLive, createdAt, expiresAt } = row;
  const state = isLive ? 'pending' : 'expired';
  return { id, email, role, state, created_at: createdAt, expires_at: expiresAt };
}
