import { Injectable } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { ProfilesRepository } from './profiles.repository.js';

/** Something that happened in an organisation. */
export interface MembershipEvent {
  kind: 'organization_created' | 'member_joined';
  name: string;
  isYou: boolean;
  at: Date;
}

export interface Overview {
  memberCount: number;
  /** Invitations that can still be accepted. */
  invitationCount: number;
  activity: MembershipEvent[];
}

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

  /** How many people are active in the organisation or invited to it, and what happened in it lately. */
  async overview(me: Principal): Promise<Overview> {
    const rows = await this.profiles.latestMembers();
    const activity = rows.map(({ userId, name, joinedAt, isFounder }) => ({
      kind: isFounder ? ('organization_created' as const) : ('member_joined' as const),
      name,
      isYou: userId === me.userId,
      at: joinedAt,
    }));
    const { memberCount = 0, invitationCount = 0 } = rows[0] ?? {};
    return { memberCount, invitationCount, activity };
  }
}
