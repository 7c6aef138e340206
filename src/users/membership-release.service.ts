import { Injectable } from '@nestjs/common';
import { erasureRole } from '../core/database/privileged/erasure.role.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { ProfilesRepository } from './profiles.repository.js';

/** The only way out of an organisation: its erasure. */
@Injectable()
export class MembershipRelease {
  constructor(
    private readonly profiles: ProfilesRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * In the open unit of work: the people of the organisation in context, which is being erased, belong to none any
   * more. Returns how many they were.
   */
  releaseAll(): Promise<number> {
    return this.unitOfWork.runAs(erasureRole, () => this.profiles.releaseAll());
  }
}
