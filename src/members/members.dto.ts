import { ApiProperty } from '@nestjs/swagger';
import { personOf, type Actor, type Role } from '../core/context/principal.js';
import { ListDto } from '../core/http/api/list.dto.js';
import { CheckboxField, ChoiceField } from '../core/http/forms/fields.js';
import { presentMember } from './member.presenter.js';
import type { MemberRow } from './member-list.js';

/** Somebody of the organisation, as its admins see them. */
export class MemberDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  /** The display name, else the address. */
  @ApiProperty() name: string;
  @ApiProperty({ format: 'email' }) email: string;
  @ApiProperty({ enum: ['admin', 'member'] }) role: Role;
  @ApiProperty() is_active: boolean;
  /** `closed`: the person closed the account, and only they could have. */
  @ApiProperty({ enum: ['active', 'inactive', 'closed'] }) state: 'active' | 'inactive' | 'closed';
  /** Path on this host. */
  @ApiProperty({ type: 'string', nullable: true }) avatar_url: string | null;
  @ApiProperty({ format: 'date-time' }) joined_at: Date;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) revoked_at: Date | null;
}

export class MemberListDto extends ListDto {
  @ApiProperty({ type: [MemberDto] }) items: MemberDto[];
}

/** What of a membership an admin changes; what is left out stays as it is. */
export class MemberChangesDto {
  @ChoiceField(['admin', 'member'], { optional: true }) role?: Role;
  /** False ends the access, and the person's sessions with it. */
  @CheckboxField() is_active?: boolean;
}

export function memberDto(row: MemberRow, who: Actor): MemberDto {
  const { id, name, email, role, state, avatarUrl, joinedAt, revokedAt } = presentMember(row, {
    userId: personOf(who),
  });
  return {
    id,
    name,
    email,
    role,
    is_active: state === 'active',
    state,
    avatar_url: avatarUrl,
    joined_at: joinedAt,
    revoked_at: revokedAt,
  };
}
