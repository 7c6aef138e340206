import { Injectable } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { ProfilesRepository, type Overview } from './profiles.repository.js';

/** Who belongs to which organisation. One user, one organisation. */
@Injectable()
export class MembershipsService {
  constructor(
    private readonly profiles: ProfilesRepository,
    private readonly tenants: TenantsService,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Onboarding, step 2: makes an organisation with this person as its admin. Asking again, or eight
   * times at once, makes one: the profile is locked, and who already belongs somewhere is left there.
   */
  async createOrganisation(me: Principal, organization: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      const profile = await this.profiles.lockOwn(me.userId);
      if (profile.tenantId) return;
      const tenantId = await this.tenants.found(organization);
      profile.join(tenantId, 'admin', new Date());
      await this.profiles.save(profile);
    });
  }

  /** How many people are active in the organisation or invited to it. */
  overview(): Promise<Overview> {
    return this.profiles.overview();
  }
}
