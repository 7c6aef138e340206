import { Injectable } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { NameField, VersionField } from '../core/http/forms/fields.js';
import { TenantAdministration } from './tenant-administration.service.js';
import { Tenant } from './tenant.entity.js';
import { AdminEntity } from '../core/back-office/admin-entity.js';
import { onAndOff } from '../core/back-office/on-and-off.js';
import type { Row } from '../core/back-office/row.js';

class TenantForm {
  @NameField({ max: 200 }) organization: string;
  @VersionField() version: number = 0;
}

@Injectable()
export class TenantAdmin extends AdminEntity<Tenant> {
  readonly entity = Tenant;
  readonly path = 'tenants';
  readonly group = 'customers';
  readonly icon = 'building';
  override readonly position = 1;
  readonly title = 'organization';
  readonly list = ['isActive', 'currency', 'createdAt', 'updatedAt'] as const;
  override readonly search = 'organization';
  override readonly foundBy = [{ text: 'app_search_text(r.organization)' }];
  readonly orders = {
    createdAt: { type: 'time', descending: true },
    organization: { type: 'text', fold: 'app_search_text' },
  } as const;
  override readonly filters = {
    closing: { closed: 'r.erase_at IS NOT NULL', open: 'r.erase_at IS NULL' },
  };
  override readonly hasTrail = true;
  override readonly hasNotes = true;

  override readonly editing = {
    form: TenantForm,
    save: (me: Principal, { id }: Row, { organization, version }: TenantForm) =>
      this.tenants.change(me, id, { organization }, [version]),
  };

  override readonly actions = onAndOff(() => this.tenants);

  constructor(private readonly tenants: TenantAdministration) {
    super();
  }
}
