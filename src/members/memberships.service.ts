import { Injectable } from '@nestjs/common';
import { AppConfig } from '../core/config/config.js';
import type { Principal } from '../core/context/principal.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { ProfilesRepository, type Overview } from '../users/profiles.repository.js';

/** `belongs`: they are in an organisation already · `unverified`: the address has to be confirmed first. */
export type CreationOutcome = 'created' | 'belongs' | 'unverified';

/** Who belongs to which organisation. One user, one organisation. */
@Injectable()
export class MembershipsService {
  constructor(
    private readonly profiles: ProfilesRepository,
    private readonly tenants: TenantsService,
    private readonly unitOfWork: UnitOfWork,
    private readonly config: AppConfig,
  ) {}

  /**
   * Onboarding, step 2: makes an organisation with this person as its admin. Of several requests at once
   * one makes it: the profile is locked, and who already belongs somewhere is left there.
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

  /** How many people are active in the organisation or invited to it. */
  overview(): Promise<Overview> {
    return this.profiles.overview();
  }
}
