import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { mask, nameOf } from '../../audit/mask.js';
import type { Principal } from '../../core/context/principal.js';
import { asImpersonator } from '../../core/context/request-context.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { Entitlements } from '../../core/entitlements/entitlements.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { InvitationLinksRepository } from '../invitation-links/invitation-links.repository.js';
import { InvitationsRepository, type OpenedInvitation } from './invitations.repository.js';
import { MembersRepository } from '../members.repository.js';
import { Notifications } from '../../notifications/notifications.service.js';
import { OwnershipService } from '../../users/links/ownership.service.js';
import { Passwords } from '../../users/passwords/passwords.js';
import { ProfilesRepository } from '../../users/profiles.repository.js';
import type { SessionKind } from '../../users/sessions/session.entity.js';
import type { ClientInfo } from '../../users/sessions/sessions.service.js';
import { NewDeviceNotices } from '../../users/sign-in/new-device-notices.js';
import { SessionOpening, type SignInOutcome } from '../../users/sign-in/session-opening.js';
import { SignInService } from '../../users/sign-in/sign-in.service.js';
import { hashToken, looksLikeToken } from '../../users/access-tokens/tokens.js';
import { displayNameFrom } from '../../users/user-profile.entity.js';
import { UsersRepository } from '../../users/users.repository.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

/**
 * The status of an invitation link for its visitor: `register` no account has the address · `accept` the
 * visitor's · `sign_in` an account has the address, sign in first · `someone_else` another person is signed
 * in · `belongs` its owner is in an organisation · `accepted` already used · `invalid` unknown, cancelled or
 * expired
 */
export type InvitationStatus =
  'register' | 'accept' | 'sign_in' | 'someone_else' | 'belongs' | 'accepted' | 'invalid';

/** How somebody without an account accepts. */
interface Registering {
  kind: SessionKind;
  isTakeOver?: boolean;
  timezone?: string | null;
}

type Joining = Pick<Principal, 'userId' | 'email' | 'displayName'>;
type Joined = Joining & Pick<Principal, 'profileId'>;

/** Accepts invitations. Nobody joins an organisation without accepting. */
@Injectable()
export class AcceptanceService {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly links: InvitationLinksRepository,
    private readonly members: MembersRepository,
    private readonly users: UsersRepository,
    private readonly profiles: ProfilesRepository,
    private readonly opening: SessionOpening,
    private readonly signIn: SignInService,
    private readonly notices: NewDeviceNotices,
    private readonly passwords: Passwords,
    private readonly ownership: OwnershipService,
    private readonly audit: AuditTrail,
    private readonly entitlements: Entitlements,
    private readonly notifications: Notifications,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Status of the link for this visitor. Changes nothing: mail scanners open links too. */
  async inspect(
    token: string,
    visitor: Pick<Principal, 'userId'> | null,
  ): Promise<{ reception: InvitationStatus; invitation: OpenedInvitation | null }> {
    const invitation = looksLikeToken(token)
      ? await this.invitations.opened(hashToken(token))
      : null;
    return { reception: receptionOf(invitation, visitor), invitation };
  }

  /**
   * Creates account, profile, membership and session in one transaction and returns the session's token.
   * `isTakeOver`: takes the address from an account that never verified it. `timezone`: of the browser, by its IANA name.
   * @throws DomainError `gone` for an invalid link, `invalid` for the password
   */
  async register(
    token: string,
    password: string,
    client: ClientInfo,
    { kind, isTakeOver = false, timezone = null }: Registering,
  ): Promise<string> {
    const { reception, invitation } = await this.inspect(token, null);
    if (!invitation) throw goneLink();
    const holderId = isTakeOver && mayTakeOver(reception, invitation) ? invitation.userId : null;
    if (reception !== 'register' && !holderId) throw goneLink();
    await this.passwords.require(password, invitation, 'password');
    const passwordHash = await this.passwords.hash(password);
    return this.unitOfWork.run(async () => {
      const { email, role } = await this.use(invitation, token);
      return this.unitOfWork.runAs(identityRole, async () => {
        if (holderId) await this.ownership.release(holderId, email);
        const userId = await this.users.add(email, passwordHash, true);
        if (!userId) {
          throw new DomainError('conflict', 'users.errors.email_taken', { field: 'password' });
        }
        const membership = { tenantId: invitation.tenantId, role, timezone };
        const profileId = await this.profiles.addMember(userId, email, membership);
        const started = await this.opening.openNew(userId, kind, client);
        await this.record(invitation, {
          userId,
          profileId,
          email,
          displayName: displayNameFrom(email),
        });
        return started;
      });
    });
  }

  /**
   * Accepts with a new account, the signed-in one, or the one of the given password, and starts an API session.
   * A person with a second factor shows it first, and accepts then: until that the invitation stays open.
   * @throws DomainError `gone`, `conflict`, `invalid` for the password, `unauthenticated` for a wrong one
   */
  async acceptViaApi(
    token: string,
    password: string | undefined,
    visitor: Principal | null,
    client: ClientInfo,
  ): Promise<SignInOutcome> {
    const { reception, invitation } = await this.inspect(token, visitor);
    switch (reception) {
      case 'accept':
        return this.joinAnew(token, visitor!, client);
      case 'register':
        return opened(await this.register(token, needed(password), client, { kind: 'api' }));
      case 'sign_in':
        return this.signInAndJoin(token, invitation!.email, needed(password), client);
      case 'someone_else':
        throw new DomainError('conflict', 'members.errors.invited_other');
      case 'belongs':
        if (!visitor && invitation!.canTakeOver) {
          const how = { kind: 'api', isTakeOver: true } as const;
          return opened(await this.register(token, needed(password), client, how));
        }
        throw new DomainError('conflict', 'members.errors.you_belong');
      case 'accepted':
      case 'invalid':
        throw goneLink();
    }
  }

  /** Joins and starts a new session with the membership. */
  private async joinAnew(token: string, me: Principal, client: ClientInfo): Promise<SignInOutcome> {
    const { userId, methods, assurance, authenticatedAt } = me;
    return this.unitOfWork.run(async () => {
      await this.join(token, me);
      const proven = { userId, methods, assurance, authenticatedAt };
      return this.unitOfWork.runAs(identityRole, () => this.opening.open(proven, 'api', client));
    });
  }

  /**
   * Signs in and joins in one transaction, so that a refused join leaves no session. A sign-in that waits for a
   * second factor joins nothing. As on pages, where one logs in first, the person is told of a new device.
   */
  private async signInAndJoin(
    token: string,
    email: string,
    password: string,
    client: ClientInfo,
  ): Promise<SignInOutcome> {
    const checked = await this.signIn.check({ email, password });
    const { user } = checked;
    const outcome = await asImpersonator({ id: user.id, name: nameOf(user) }, () =>
      this.unitOfWork.run(async () => {
        const outcome = await this.signIn.begin(checked, client, 'api');
        if (!outcome) throw new DomainError('unauthenticated', 'users.errors.wrong_credentials');
        if (!outcome.waiting) await this.join(token, { ...user, userId: user.id });
        return outcome;
      }),
    );
    if (!outcome.waiting) await this.notices.tellOfApiClient(email, client, outcome.session);
    return outcome;
  }

  /**
   * Adds a person without an organisation to the inviting one.
   * @throws DomainError `gone`, or `conflict` for a person who belongs to an organisation by now
   */
  async join(token: string, me: Joining): Promise<void> {
    const { reception, invitation } = await this.inspect(token, me);
    if (reception !== 'accept' || !invitation) throw goneLink();
    await this.unitOfWork.run(async () => {
      const { email, role } = await this.use(invitation, token);
      const profile = await this.profiles.lockOwn(me.userId);
      if (profile.tenantId) throw new DomainError('conflict', 'members.errors.you_belong');
      profile.join(invitation.tenantId, role, new Date());
      await this.profiles.save(profile);
      // The link was mailed to the address, so using it verifies the address.
      await this.unitOfWork.runAs(identityRole, () => this.users.markVerified(me.userId, email));
      await this.record(invitation, { ...me, profileId: profile.id });
    });
  }

  private async record({ id, email, role }: OpenedInvitation, who: Joined): Promise<void> {
    const actor = { id: who.userId, name: nameOf(who) };
    const told = { name: who.displayName ?? mask(email) };
    await this.notifications.tell({ admins: true, except: who.userId }, 'member.joined', told);
    const invitation = { kind: 'invitation', id, name: mask(email) };
    await this.audit.record({ action: 'invitation.accepted', subject: invitation, actor });
    const member = { kind: 'member', id: who.profileId, name: actor.name };
    const changes = { role: { from: null, to: role } };
    await this.audit.record({ action: 'member.joined', subject: member, changes, actor });
  }

  /**
   * Switches the unit of work to the inviting organisation, which is locked open and has room for one more.
   * @throws DomainError `gone`, `limit_reached`
   */
  private async use({ tenantId }: OpenedInvitation, token: string) {
    await this.unitOfWork.switchTenant(tenantId);
    if (!(await this.members.isOpen())) throw goneLink();
    // Before the invitation is locked: whoever cancels it has locked the organisation first.
    await this.entitlements.requireRoom('members');
    const used = await this.invitations.accept(hashToken(token));
    if (!used) throw goneLink();
    // After the room was locked, so that whoever takes the last use has a place too.
    if (used.linkId && !(await this.links.takeUse(used.linkId))) throw goneLink();
    await this.entitlements.changed('members');
    return used;
  }
}

function receptionOf(
  invitation: OpenedInvitation | null,
  visitor: Pick<Principal, 'userId'> | null,
): InvitationStatus {
  if (!invitation) return 'invalid';
  if (invitation.state === 'accepted') return 'accepted';
  if (!invitation.isLive) return 'invalid';
  if (visitor && visitor.userId !== invitation.userId) return 'someone_else';
  if (invitation.userTenantId) return 'belongs';
  if (visitor) return 'accept';
  return invitation.userId ? 'sign_in' : 'register';
}

/** The link proves ownership of the address; offered to visitors only. */
export function mayTakeOver(reception: InvitationStatus, invitation: OpenedInvitation): boolean {
  return invitation.canTakeOver && (reception === 'sign_in' || reception === 'belongs');
}

function opened(session: string): SignInOutcome {
  return { session, waiting: null };
}

function needed(password: string | undefined): string {
  if (password !== undefined) return password;
  throw new DomainError('invalid', 'validation.password_required', { field: 'password' });
}

function goneLink(): DomainError {
  return new DomainError('gone', 'users.errors.invalid_link');
}
