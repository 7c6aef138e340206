import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { mask } from '../audit/mask.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { Passwords } from './passwords/passwords.js';
import { ProfilesRepository } from './profiles.repository.js';
import { UsersRepository } from './users.repository.js';
import { identityRole } from '../core/database/privileged/identity.role.js';

/** Staff of the operator. Created by command, never through the web. */
@Injectable()
export class StaffService {
  constructor(
    private readonly users: UsersRepository,
    private readonly profiles: ProfilesRepository,
    private readonly passwords: Passwords,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Creates a superuser with that password, or promotes the account of the address.
   * @throws DomainError when the password is refused
   */
  async makeSuperuser(email: string, password: string): Promise<'created' | 'promoted'> {
    await this.passwords.require(password, { email }, 'password');
    const hash = await this.passwords.hash(password);
    return this.unitOfWork.runAs(identityRole, async () => {
      const added = await this.users.add(email, hash, true);
      if (added) await this.profiles.addFor(added, email);
      const id = await this.users.promote(email, hash);
      const subject = { kind: 'user', id, name: mask(email) };
      await this.audit.record({ action: 'staff.promoted', subject, tenantId: null });
      return added ? 'created' : 'promoted';
    });
  }
}
