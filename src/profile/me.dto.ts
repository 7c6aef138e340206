import { Injectable } from '@nestjs/common';
import { ApiProperty, PartialType } from '@nestjs/swagger';
import { AppConfig } from '../core/config/config.js';
import type { Principal, Role, Theme } from '../core/context/principal.js';
import { Entitlements } from '../core/entitlements/entitlements.js';
import { FeatureFlags } from '../core/flags/feature-flags.js';
import { languageOf } from '../core/i18n/locales.js';
import { nextOnboardingStep, type OnboardingStep } from '../core/http/access/onboarding-steps.js';
import { Versioned } from '../core/http/pipeline/etag.js';
import { mediaUrl } from '../core/http/pages/shell-builder.js';
import { ProfileChangesDto } from './profile.dto.js';
import { SessionsService } from '../users/sessions/sessions.service.js';
import { TenantDto, presentTenant } from '../tenants/tenant-api.dto.js';

class OnboardingDto {
  @ApiProperty({
    type: 'string',
    enum: ['email', 'profile', 'tenant', 'second_factor', 'revoked'],
    nullable: true,
  })
  next_step: OnboardingStep['name'] | null;
}

/** The current user. */
export class MeDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'email' }) email: string;
  @ApiProperty() email_verified: boolean;
  @ApiProperty({ type: 'string', nullable: true, example: 'Ann Peeters' }) display_name:
    string | null;
  @ApiProperty({ description: 'ISO 639-1', type: 'string', nullable: true, example: 'nl' })
  language: string | null;
  @ApiProperty({
    description: 'IANA name',
    type: 'string',
    nullable: true,
    example: 'Europe/Brussels',
  })
  timezone: string | null;
  @ApiProperty({ description: 'ISO 3166-1 alpha-2', type: 'string', nullable: true, example: 'BE' })
  country: string | null;
  @ApiProperty({ enum: ['corporate', 'night', 'system'] }) theme: Theme;
  @ApiProperty() marketing_emails: boolean;
  @ApiProperty({ type: 'string', nullable: true, example: null }) avatar_url: string | null;
  @ApiProperty({ type: 'string', enum: ['admin', 'member'], nullable: true }) role: Role | null;
  @ApiProperty({ type: TenantDto, nullable: true }) tenant: TenantDto | null;
  @ApiProperty() onboarding: OnboardingDto;
  @ApiProperty({
    description: 'All feature flags by name, for this person; names may change',
    type: 'object',
    additionalProperties: { type: 'boolean' },
  })
  features: Record<string, boolean>;
  @ApiProperty({
    description: 'What the organisation bought, by name; names come and go',
    type: 'object',
    additionalProperties: { type: 'boolean' },
    example: { api_keys: true },
  })
  entitlements: Record<string, boolean>;
  @ApiProperty({
    description: 'How many the organisation may have, by name; null: without end',
    type: 'object',
    additionalProperties: { type: 'integer', nullable: true },
    example: { projects: 5 },
  })
  limits: Record<string, number | null>;
  /**
   * Seats the organisation pays for; null where it does not pay by the seat. Whoever joins beyond them adds one,
   * for which the rest of the period is charged.
   */
  @ApiProperty({ type: 'integer', nullable: true }) seats: number | null;
}

/** Body of a PATCH: any of the properties (for the API document). */
export class ProfilePatchDto extends PartialType(ProfileChangesDto) {}

/** Presents the current user from the request's principal. */
@Injectable()
export class MePresenter {
  constructor(
    private readonly sessions: SessionsService,
    private readonly features: FeatureFlags,
    private readonly entitlements: Entitlements,
    private readonly config: AppConfig,
  ) {}

  versioned(me: Principal): Versioned<MeDto> {
    const { entitlements, limits } = this.entitlements.all(me.plan);
    const features = this.features.all(me);
    const seats = this.entitlements.isOn ? (me.plan?.seats ?? null) : null;
    const body = { ...presentMe(me, this.config), features, entitlements, limits, seats };
    return new Versioned(me.profileVersion, body);
  }

  /** Presents the current user after a change, read again. */
  async presentAnew(me: Principal): Promise<Versioned<MeDto>> {
    return this.versioned((await this.sessions.reread(me)) ?? me);
  }
}

function presentMe(me: Principal, config: AppConfig) {
  return {
    id: me.userId,
    email: me.email,
    email_verified: me.emailVerified,
    display_name: me.displayName,
    language: me.locale && languageOf(me.locale),
    timezone: me.timezone,
    country: me.country,
    theme: me.theme,
    marketing_emails: me.marketingEmails,
    avatar_url: mediaUrl(me.avatarKey),
    role: me.role,
    tenant: presentTenant(me),
    onboarding: { next_step: nextOnboardingStep(me, config)?.name ?? null },
  };
}
