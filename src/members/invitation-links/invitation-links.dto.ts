import { ApiProperty } from '@nestjs/swagger';
import type { Role } from '../../core/context/principal.js';
import type { InvitationLinkRow } from './invitation-links.repository.js';

/** A link by which several people may join. */
export class InvitationLinkDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ enum: ['admin', 'member'] }) role: Role;
  @ApiProperty({
    description: 'Domains of the addresses that may join; empty: any',
    type: [String],
    example: ['acme.example'],
  })
  domains: string[];
  @ApiProperty({
    description: 'How many people may join',
    minimum: 1,
    maximum: 1000,
    type: 'integer',
  })
  max_uses: number;
  @ApiProperty({ description: 'How many joined', minimum: 0, type: 'integer' }) uses: number;
  @ApiProperty({
    description: '`ended`: expired, revoked, or used as often as it may be',
    enum: ['live', 'ended'],
  })
  state: 'live' | 'ended';
  @ApiProperty({ format: 'date-time' }) created_at: Date;
  @ApiProperty({ format: 'date-time' }) expires_at: Date;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  revoked_at: Date | null;
}

/** A link that was just made, with its address, this once. */
export class InvitationLinkUrlDto extends InvitationLinkDto {
  @ApiProperty({
    format: 'uri',
    example: 'https://app.example/invite/link/9qT3v_kW0b2Xn5rYd8LmZc4Jh7Fs1GpQeUaRoIyMtNw/',
  })
  url: string;
}

export class InvitationLinkListDto {
  @ApiProperty({ type: [InvitationLinkDto] }) items: InvitationLinkDto[];
}

export function invitationLinkDto(row: InvitationLinkRow): InvitationLinkDto {
  const { id, role, domains, maxUses, uses, isLive, createdAt, expiresAt, revokedAt } = row;
  return {
    id,
    role,
    domains,
    max_uses: maxUses,
    uses,
    state: isLive ? 'live' : 'ended',
    created_at: createdAt,
    expires_at: expiresAt,
    revoked_at: revokedAt,
  };
}
