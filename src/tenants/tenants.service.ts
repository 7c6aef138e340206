import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditTrail, differences } from '../audit/audit-trail.service.js';
import type { Actor } from '../core/context/principal.js';
import { requirePermission } from '../core/http/access/require-permission.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { requireSeen, type SeenVersions } from '../core/database/version.js';
import { DomainError } from '../core/errors/domain-error.js';
import { ReferenceRepository } from '../reference/reference.repository.js';
import { Images } from '../core/storage/images.js';
import { StorageGarbageCollector } from '../core/storage/storage-garbage-collector.js';
import { TenantsRepository, type TenantRow } from './tenants.repository.js';

/** Changes of the settings; absent properties stay unchanged, null clears. */
export interface OrganisationSettings {
  /** 1–200 characters. */
  organization?: string;
  /** ISO 4217. */
  currency?: string | null;
  /** IANA name. */
  timezone?: string | null;
  /** ISO 639-1. */
  language?: string | null;
  /** Bytes of a new picture. */
  logo?: Buffer | null;
  removeLogo?: boolean;
}

@Injectable()
export class TenantsService implements OnModuleInit {
  constructor(
    private readonly tenants: TenantsRepository,
    private readonly reference: ReferenceRepository,
    private readonly images: Images,
    private readonly orphans: StorageGarbageCollector,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.orphans.ownedBy('logo', (keys) => this.tenants.logosAmong(keys));
  }

  /** Creates an organisation, switches the unit of work to it and returns its id. */
  async found(organization: string): Promise<string> {
    return this.unitOfWork.run(async () => {
      const id = randomUUID();
      await this.unitOfWork.switchTenant(id);
      await this.tenants.add(id, organization);
      const subject = { kind: 'tenant', id, name: organization };
      await this.audit.record({ action: 'tenant.created', subject });
      return id;
    });
  }

  /**
   * Within a unit of work of the organisation: closes it and revokes all access. Returns its name; null when
   * already closed.
   */
  async close(): Promise<string | null> {
    if (!(await this.tenants.close())) return null;
    const { organization } = await this.tenants.current();
    const subject = { kind: 'tenant', id: this.unitOfWork.tenantId, name: organization };
    await this.audit.record({ action: 'tenant.closed', subject });
    return organization;
  }

  /** The current organisation. */
  settings(): Promise<TenantRow> {
    return this.tenants.current();
  }

  /**
   * Changes the settings of the current organisation.
   * @throws DomainError `stale` when changed since the versions `seen`
   */
  async update(by: Actor, given: OrganisationSettings, seen?: SeenVersions): Promise<void> {
    requirePermission(by, 'tenant:write');
    const save = (newLogo: string | null) => this.change(given, seen, newLogo);
    // Encodes and stores the picture before the unit of work, as that is slow.
    if (given.logo) await this.images.storeFor('logo', given.logo, save);
    else await save(null);
  }

  /**
   * Changes the settings without a permission check; `newLogo`: the key of a stored picture.
   * @throws DomainError `not_found`, `stale`
   */
  async change(
    given: OrganisationSettings,
    seen: SeenVersions,
    newLogo: string | null = null,
  ): Promise<void> {
    await this.unitOfWork.run(async () => {
      const now = await this.tenants.lock();
      if (!now) throw new DomainError('not_found', 'errors.not_found');
      requireSeen(now, seen, 'tenants.errors.stale');
      const logoKey = newLogo ?? (given.removeLogo ? null : now.logoKey);
      if (logoKey !== now.logoKey) this.images.replace(now.logoKey);
      const next = {
        organization: given.organization ?? now.organization,
        logo: logoKey,
        currency: given.currency === undefined ? now.currency : given.currency,
        timezone: given.timezone === undefined ? now.timezone : given.timezone,
        language: given.language === undefined ? now.language : given.language,
      };
      await this.tenants.change({
        organization: next.organization,
        logoKey,
        currencyId: await this.idOf('currency', next.currency),
        timezoneId: await this.idOf('timezone', next.timezone),
        languageId: await this.idOf('language', next.language),
      });
      await this.recordUpdate(now, next);
    });
  }

  private async recordUpdate(
    { organization, logoKey, currency, timezone, language }: TenantRow,
    next: { organization: string },
  ): Promise<void> {
    const before = { organization, logo: logoKey, currency, timezone, language };
    const changes = differences(before, { ...before, ...next });
    const subject = { kind: 'tenant', id: this.unitOfWork.tenantId, name: next.organization };
    if (changes) await this.audit.record({ action: 'tenant.updated', subject, changes });
  }

  private async idOf(
    field: 'currency' | 'timezone' | 'language',
    name: string | null,
  ): Promise<number | null> {
    if (name === null) return null;
    const find = {
      currency: () => this.reference.findCurrency(name),
      timezone: () => this.reference.findTimezone(name),
      language: () => this.reference.findLanguage(name),
    };
    const row = await find[field]();
    if (!row) throw new DomainError('invalid', 'validation.choice', { field });
    return row.id;
  }
}
