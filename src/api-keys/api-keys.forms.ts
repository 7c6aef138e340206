import type { Permission } from '../core/features/names.js';
import { apiScopes } from '../core/features/registry.js';
import { ChoiceField, ChoicesField, TextField } from '../core/http/forms/fields.js';

/** Lifetime of a key: days, or until it is revoked. */
export const KEY_LIFETIMES = ['30', '90', '365', 'unlimited'] as const;

/** `POST /settings/api/` */
export class ApiKeyForm {
  /** 1–100 characters. */
  @TextField({ max: 100 }) name: string;
  @ChoicesField(apiScopes) scopes: Permission[] = [];
  @ChoiceField(KEY_LIFETIMES) lifetime: (typeof KEY_LIFETIMES)[number] = '90';
}
