import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Principal, Role } from '../../core/context/principal.js';
import type { AddedCost } from '../../core/entitlements/added-cost.js';
import { submit, type Form } from '../../core/http/forms/form.js';
import { Page, seeOther, success, type Answer } from '../../core/http/pipeline/answers.js';
import { RateLimiter } from '../../core/http/security/rate-limiter.js';
import { addressesIn } from '../../users/addresses.js';
import { addressesInFile } from './addresses-file.js';
import {
  INVITATIONS_AT_ONCE,
  InvitationsService,
  type InvitationResult,
} from './invitations.service.js';

/** What a form that invites people sends. */
export interface InvitingInput {
  email?: string;
  role: Role;
  seats?: string;
}

/** What the page of the form shows besides it. */
export interface InvitingParts<T extends object = InvitingInput> {
  form: Form<T>;
  /** Results by address, when not all were invited. */
  results?: InvitationResult[];
  /** What the invitations cost, to be agreed to. */
  cost?: AddedCost;
}

export interface InvitingPages<T extends object> {
  show(parts: InvitingParts<T>): Promise<Page>;
  /** Where whoever invited all goes. */
  after: string;
}

/** Forms that invite people, on whichever page. */
@Injectable()
export class Inviting {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly limiter: RateLimiter,
  ) {}

  /**
   * A flash message when all were invited; else a result per address, with the failed ones in the field. Where
   * it costs more than what is paid for, the price is shown first, and `seats` says that it was seen.
   */
  async submit<T extends InvitingInput>(
    me: Principal,
    form: Form<T>,
    req: Request,
    { show, after }: InvitingPages<T>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => show({ form: refused }),
      async ({ email: typed = '', role, seats }) => {
        const email = [typed, ...(req.file ? addressesInFile(req.file.buffer) : [])]
          .join('\n')
          .trim();
        // A file cannot be shown again: what it holds is, wherever something is to be decided or corrected.
        form.values.email = email;
        const count = addressesIn(email).valid.length;
        // The price counts as well: it asks the provider, and tells which addresses have an account.
        await this.limiter.spend(
          'invitation',
          req,
          Math.min(Math.max(count, 1), INVITATIONS_AT_ONCE),
        );
        const cost = await this.invitations.costOf(email);
        if (cost && cost.needed > Number(seats ?? 0)) return asked(await show({ form, cost }));
        const results = await this.invitations.invite(me, email, role);
        if (results.every(({ outcome }) => outcome === 'sent')) {
          const args = { count: results.length, email: results[0]!.email };
          return seeOther(after, success('members.flash.invited', args));
        }
        const refused = results.flatMap(({ email, outcome }) =>
          outcome in REASONS ? [{ email, key: REASONS[outcome as keyof typeof REASONS] }] : [],
        );
        form.values.email = refused.map((result) => result.email).join('\n');
        for (const { email, key } of refused) {
          form.problems.push({ field: 'email', key, args: { email } });
        }
        const shown = await show({ form, results });
        return refused.length > 0 ? asked(shown) : shown;
      },
    );
  }
}

const REASONS = {
  invalid: 'members.errors.not_an_address',
  belongs: 'members.errors.belongs',
  pending: 'members.errors.already_invited',
} as const;

/** Something of what was sent is still to be decided or corrected. */
function asked({ view, model, options }: Page): Page {
  return new Page(view, model, { ...options, status: 422 });
}
