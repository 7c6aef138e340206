import { NextField } from '../../core/http/forms/fields.js';
import { OrganisationDto } from '../../tenants/tenant.dto.js';

/** `POST /onboarding/create-tenant/`. */
export class CreateTenantForm extends OrganisationDto {
  @NextField() next?: string;
}
