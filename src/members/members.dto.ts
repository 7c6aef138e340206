import { ApiProperty } from '@nestjs/swagger';
import { personOf, type Actor, type Role } from '../core/context/principal.js';
import { ListDto } from '../core/http/api/list.dto.js';
import { CheckboxField, ChoiceField } from '../core/http/forms/fields.js';
import { presentMember } from './member.presenter.js';
import type { MemberRow } from './member-list.js';

/** A member as seen by admins. */
export class MemberDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ description: 'Display name, else the e-mail address', example: 'Ann Peeters' })
  name: string;
  @ApiProperty({ format: 'email' }) email: string;
  @ApiProperty({ enum: ['admin', 'member'] }) role: Role;
  @ApiProperty() is_active: boolean;
  @ApiProperty({
    description: '`closed`: the person closed the account',
    enum: ['active', 'inactive', 'closed'],
  })
  state: 'active' | 'inactive' | 'closed';
  @ApiProperty({
    description: 'Absolute path on this host',
    type: 'string',
    nullable: true,
    example: null,
  })
  avatar_url: string | null;
  @ApiProperty({ format: 'date-time' }) joined_at: Date;
  @ApiProperty({
    description: 'Last use in person, accurate to five minutes; null: never',
    type: 'string',
    format: 'date-time',
    nullable: true,
  })
  last_seen_at: Date | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  revoked_at: Date | null;
}

export class MemberListDto extends ListDto {
  @ApiProperty({ type: [MemberDto] }) items: MemberDto[];
}

/** Changes of a membership; absent properties stay unchanged. */
export class MemberChangesDto {
  @ChoiceField(['admin', 'member'], { optional: true }) role?: Role;
  /** False revokes access and ends the person's sessions. */
  @CheckboxField() is_active?: boolean;
}

export function memberDto(row: MemberRow, who: Actor): MemberDto {
  const shown = presentMember(row, { userId: personOf(who) });
  const { id, name, email, role, state, avatarUrl, joinedAt, lastSeenAt, revokedAt } = shown;
  return {
    id,
    name,
    email,
    role,
    is_active: state === 'active',
    state,
    avatar_url: avatarUrl,
    joined_at: joinedAt,
    last_seen_at: lastSeenAt,
    revoked_at: revokedAt,
  };
}
