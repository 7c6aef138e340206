import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditTrail, differences } from '../audit/audit-trail.service.js';
import { mask, nameOf } from '../audit/mask.js';
import type { Principal, Theme } from '../core/context/principal.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { requireSeen, type SeenVersions } from '../core/database/version.js';
import { DomainError } from '../core/errors/domain-error.js';
import { languageOf, type Locale } from '../core/i18n/locales.js';
import { ReferenceRepository } from '../reference/reference.repository.js';
import { Images } from '../core/storage/images.js';
import { StorageGarbageCollector } from '../core/storage/storage-garbage-collector.js';
import {
  ProfilesRepository,
  type OwnProfileRow,
  type ProfileRow,
} from '../users/profiles.repository.js';
import type { UserProfile } from '../users/user-profile.entity.js';

/** Personal details; null clears. */
export interface PersonalDetails {
  displayName: string | null;
  /** IANA name. */
  timezone: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
  /** Bytes of a new picture. */
  avatar?: Buffer | null;
}

export interface Preferences extends PersonalDetails {
  theme: Theme;
  marketingEmails: boolean;
  removeAvatar?: boolean;
}

export interface ProfileChanges extends Partial<Omit<PersonalDetails, 'avatar'>> {
  theme?: Theme;
  marketingEmails?: boolean;
  /** ISO 639-1. */
  language?: string | null;
}

/** Fields whose values are not recorded in the trail. */
const PERSONAL = ['displayName', 'timezone', 'country', 'avatarKey'];

@Injectable()
export class ProfilesService implements OnModuleInit {
  constructor(
    private readonly profiles: ProfilesRepository,
    private readonly reference: ReferenceRepository,
    private readonly images: Images,
    private readonly orphans: StorageGarbageCollector,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.orphans.ownedBy('avatar', (keys) => this.profiles.avatarsAmong(keys));
  }

  shown(me: Principal): Promise<ProfileRow> {
    return this.profiles.shown(me.userId);
  }

  shownToOwner(me: Principal): Promise<OwnProfileRow> {
    return this.profiles.shownToOwner(me.userId);
  }

  /** Onboarding, step 1: the first save completes it. */
  async complete(me: Principal, details: PersonalDetails): Promise<void> {
    await this.withPicture(me, details, (profile) => profile.complete(new Date()));
  }

  /** Saves the profile page, which also completes onboarding step 1. @throws DomainError `stale` */
  async update(me: Principal, preferences: Preferences, seen?: SeenVersions): Promise<void> {
    await this.withPicture(me, preferences, (profile) => {
      requireSeen(profile, seen);
      if (preferences.removeAvatar && !preferences.avatar) this.picture(profile, null);
      profile.theme = preferences.theme;
      profile.marketingEmails = preferences.marketingEmails;
      profile.complete(new Date());
    });
  }

  /** Changes the given properties, which also completes onboarding step 1. @throws DomainError `stale` */
  async patch(me: Principal, changes: ProfileChanges, seen?: SeenVersions): Promise<void> {
    await this.change(me, async (profile) => {
      requireSeen(profile, seen);
      await this.describe(profile, changes);
      profile.theme = changes.theme ?? profile.theme;
      profile.marketingEmails = changes.marketingEmails ?? profile.marketingEmails;
      if (changes.language !== undefined)
        profile.languageId = await this.languageId(changes.language);
      profile.complete(new Date());
    });
  }

  async setTheme(me: Principal, theme: Theme): Promise<void> {
    await this.choose(me, (profile) => {
      profile.theme = theme;
    });
  }

  async setLanguage(me: Principal, locale: Locale): Promise<void> {
    const languageId = await this.languageId(languageOf(locale));
    await this.choose(me, (profile) => {
      profile.languageId = languageId;
    });
  }

  /** Encodes and stores the picture before the unit of work, as that is slow. */
  private async withPicture(
    me: Principal,
    details: PersonalDetails,
    act: (profile: UserProfile) => void,
  ): Promise<void> {
    const save = (key: string | null) =>
      this.change(me, async (profile) => {
        await this.describe(profile, details);
        if (key) this.picture(profile, key);
        act(profile);
      });
    if (details.avatar) await this.images.storeFor('avatar', details.avatar, save);
    else await save(null);
  }

  private picture(profile: UserProfile, key: string | null): void {
    this.images.replace(profile.avatar);
    profile.avatar = key;
  }

  private async choose(me: Principal, act: (profile: UserProfile) => void): Promise<void> {
    await this.change(me, act, (profile) => this.profiles.saveChoices(profile));
  }

  private async change(
    me: Principal,
    act: (profile: UserProfile) => void | Promise<void>,
    save = (profile: UserProfile) => this.profiles.save(profile),
  ) {
    await this.unitOfWork.run(async () => {
      // A person without access has no organisation in the context; the profile still names it.
      if (me.tenantId && !me.profileActive) await this.unitOfWork.switchTenant(me.tenantId);
      const profile = await this.profiles.lockOwn(me.userId);
      // A person without access may still change their own profile.
      if (profile.tenantId && !profile.isActive)
        await this.unitOfWork.switchTenant(profile.tenantId);
      const before = await this.profiles.shown(me.userId);
      await act(profile);
      await save(profile);
      await this.record(me, before, await this.profiles.shown(me.userId));
    });
  }

  private async record(me: Principal, before: ProfileRow, after: ProfileRow): Promise<void> {
    const changes = differences(before, after);
    if (!changes) return;
    for (const field of PERSONAL) {
      const { from, to } = changes[field] ?? {};
      if (field in changes) changes[field] = { from: masked(from), to: masked(to) };
    }
    const subject = { kind: 'profile', id: me.profileId, name: nameOf(me) };
    const { tenantId } = me;
    await this.audit.record({ action: 'profile.updated', subject, changes, tenantId });
  }

  private async describe(profile: UserProfile, details: Partial<PersonalDetails>) {
    const { displayName, timezone, country } = details;
    if (displayName !== undefined) profile.displayName = displayName;
    if (timezone !== undefined) profile.timezoneId = await this.idOf('timezone', timezone);
    if (country !== undefined) profile.countryId = await this.idOf('country', country);
  }

  /** `code` is ISO 639-1. */
  private async languageId(code: string | null): Promise<number | null> {
    return code === null ? null : ((await this.reference.findLanguage(code))?.id ?? null);
  }

  private async idOf(field: 'timezone' | 'country', name: string | null): Promise<number | null> {
    if (name === null) return null;
    const row =
      field === 'timezone'
        ? await this.reference.findTimezone(name)
        : await this.reference.findCountry(name);
    if (!row) throw new DomainError('invalid', `validation.unknown_${field}`, { field });
    return row.id;
  }
}

function masked(value: unknown): unknown {
  return typeof value === 'string' ? mask(value) : value;
}
