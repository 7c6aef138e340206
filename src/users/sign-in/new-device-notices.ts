import { Injectable, Logger } from '@nestjs/common';
import { identityRole } from '../../core/database/privileged/identity.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { deviceOf } from '../../core/http/security/device.js';
import { Mailer } from '../../core/mail/mailer.js';
import { Notifications } from '../../notifications/notifications.service.js';
import { hashToken } from '../access-tokens/tokens.js';
import { NoticeLinks } from '../links/notice-links.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import type { ClientInfo } from '../sessions/sessions.service.js';
import { UsersRepository } from '../users.repository.js';

/**
 * Tells a person, by mail and in their organisation, that their account was signed in to from a device it was not
 * known from (ASVS 6.3.5). The mail has the link "This was not me", and goes to a verified address only: another may
 * be mistyped.
 */
@Injectable()
export class NewDeviceNotices {
  private readonly log = new Logger('NewDeviceNotices');

  constructor(
    private readonly users: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly links: NoticeLinks,
    private readonly mailer: Mailer,
    private readonly notifications: Notifications,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Of a browser without the cookie of a known device (`KnownDevices`). Runs after the sign-in, which it does not undo. */
  async tellOfBrowser(email: string, client: ClientInfo): Promise<void> {
    await this.tell(email, client, () => Promise.resolve(true));
  }

  /**
   * Of an API client, which has no cookie, when none of its name has signed in before. `session`: the token of its
   * new session, which was not exchanged yet.
   */
  async tellOfApiClient(email: string, client: ClientInfo, session: string): Promise<void> {
    await this.tell(email, client, () => this.sessions.isFirstOfClient(hashToken(session)));
  }

  private async tell(
    email: string,
    { ip, userAgent }: ClientInfo,
    isNew: () => Promise<boolean>,
  ): Promise<void> {
    const { browser, os, program } = deviceOf(userAgent);
    try {
      const user = await this.users.credentialsByEmail(email);
      if (!user?.emailVerified) return;
      await this.unitOfWork.runAs(identityRole, async () => {
        if (!(await isNew())) return;
        const device = {
          browser,
          os,
          program,
          ip: ip ?? '?',
          day: new Date().toISOString().slice(0, 10),
        };
        const link = await this.links.issue(user);
        await this.mailer.send(user.email, 'new-device', { ...device, ...link });
        if (!user.tenantId) return;
        await this.unitOfWork.switchTenant(user.tenantId);
        const name = [browser, os].filter(Boolean).join(', ') || (program ?? '?');
        await this.notifications.tell([user.id], 'sign_in.new_device', { device: name });
      });
    } catch (error) {
      this.log.error(`Nobody was told of a new device: ${(error as Error).message}`);
    }
  }
}
