import type { Role } from '../../core/context/principal.js';
import { ChoiceField, EmailField } from '../../core/http/forms/fields.js';
import { IntegerField } from '../../core/http/forms/value-fields.js';
import { DomainsField } from './mail-domains.js';

/** A link to invite by, for the form and the API. */
export class InvitationLinkForm {
  @ChoiceField(['admin', 'member'], { optional: true }) role: Role = 'member';
  /** Domains of the addresses that may join; none: any address. */
  @DomainsField() domains: string[] = [];
  /** How many people may join. */
  @IntegerField({ min: 1, max: 1000, example: 10 }) max_uses: number;
  /** Days until it ends. */
  @IntegerField({ min: 1, max: 30, example: 7 }) days: number;
}

/** `POST /invite/link/<token>/`. */
export class JoinByLinkForm {
  @EmailField() email: string;
}
