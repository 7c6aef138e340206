import { Injectable } from '@nestjs/common';
import { AppConfig } from '../core/config/config.js';
import type { Principal } from '../core/context/principal.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { ProfilesRepository, type Overview } from '../users/profiles.repository.js';

/**
 * `belongs`: the person already has an organisation · `unverified`: the e-mail address must be verified
 * first.
 */
export type CreationOutcome = 'created' | 'belongs' | 'unverified';

/** Creates memberships. One user has at most one organisation. */
@Injectable()
export class MembershipsService {
  constructor(
    private readonly profiles: ProfilesRepository,
    private readonly tenants: TenantsService,
    private readonly unitOfWork: UnitOfWork,
    private readonly config: AppConfig,
  ) {}

  /**
   * Onboarding, step 2: creates an organisation with this person as admin. The profile is locked, so one of
   * several concurrent requests succeeds; a person with an organisation keeps it.
   */
  async createOrganisation(me: Principal, organization: string): Promise<CreationOutcome> {
    if (this.config.REQUIRE_VERIFIED_EMAIL && !me.emailVerified) return 'unverified';
    return this.unitOfWork.run(async () => {
      const profile = await this.profiles.lockOwn(me.userId);
      if (profile.tenantId) return 'belongs';
      const tenantId = await this.tenants.found(organization);
      profile.join(tenantId, 'admin', new Date());
      await this.profiles.save(profile);
      return 'created';
    });
  }

  /** Whether this person founded the organisation, and nobody else has ever joined it. */
  isFoundedAlone({ userId }: Principal): Promise<boolean> {
    return this.profiles.isFoundedAlone(userId);
  }

  /** Number of active members and pending invitations. */
  overview(): Promise<Overview> {
    return this.profiles.overview();
  }
}
