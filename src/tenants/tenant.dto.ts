import { TextField } from '../core/http/fields.js';

export class OrganisationDto {
  /** 1–200 characters. */
  @TextField({ max: 200 }) organization: string;
}
