import { Injectable } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { DomainError } from '../../core/errors/domain-error.js';
import type { TextKey } from '../../core/i18n/text-keys.js';
import { requireInPerson } from '../../core/http/access/require-in-person.js';
import { isId } from '../../core/http/pipeline/id-param.js';
import type { InvitationRow } from '../invitations/invitations.repository.js';
import { InvitationsService } from '../invitations/invitations.service.js';
import { MembersService } from '../members.service.js';
import type { MemberRow } from '../member-list.js';
import type { BulkAction } from './bulk.forms.js';

export interface BulkRow {
  id: string;
  /** Name of a member, address of an invitation. */
  name: string;
}

/** A row that was not changed, with the reason. */
export interface BulkRefusal {
  /** Null: the organisation has no such row. */
  name: string | null;
  key: TextKey;
  args: Record<string, unknown>;
}

export interface BulkOutcome {
  done: number;
  refused: BulkRefusal[];
}

interface Deed {
  /** The rows among the ids that the organisation has; `isSo`: nothing is left to do. */
  find(ids: string[]): Promise<Array<BulkRow & { isSo: boolean }>>;
  act(me: Principal, id: string): Promise<unknown>;
}

/** Actions on several members or invitations: each row is decided by itself, by the rules of the single action. */
@Injectable()
export class BulkActions {
  private readonly deeds: Record<BulkAction, Deed>;

  constructor(members: MembersService, invitations: InvitationsService) {
    const ofMembers = (isSo: (row: MemberRow) => boolean, act: Deed['act']): Deed => ({
      find: async (ids) =>
        (await members.among(ids)).map((row) => ({
          id: row.id,
          name: row.displayName ?? row.email,
          isSo: isSo(row),
        })),
      act,
    });
    const ofInvitations = (isSo: (row: InvitationRow) => boolean, act: Deed['act']): Deed => ({
      find: async (ids) =>
        (await invitations.among(ids)).map((row) => ({
          id: row.id,
          name: row.email,
          isSo: isSo(row),
        })),
      act,
    });
    this.deeds = {
      deactivate: ofMembers(
        ({ isActive }) => !isActive,
        (me, id) => members.deactivate(me, id),
      ),
      reengage: ofMembers(
        ({ isActive, canSignIn }) => isActive && canSignIn,
        (me, id) => members.reengage(me, id),
      ),
      make_admin: ofMembers(
        ({ role }) => role === 'admin',
        (me, id) => members.setRole(me, id, 'admin'),
      ),
      make_member: ofMembers(
        ({ role }) => role === 'member',
        (me, id) => members.setRole(me, id, 'member'),
      ),
      resend: ofInvitations(
        () => false,
        (me, id) => invitations.resend(me, id),
      ),
      cancel: ofInvitations(
        ({ state }) => state === 'cancelled',
        (me, id) => invitations.cancel(me, id),
      ),
    };
  }

  /** @throws DomainError `not_found` where the organisation has none of the rows */
  async rows(action: BulkAction, ids: string[]): Promise<Array<BulkRow & { isSo: boolean }>> {
    const rows = await this.deeds[action].find(ids.filter(isId));
    if (rows.length === 0) throw new DomainError('not_found', 'errors.not_found');
    return rows;
  }

  /** One unit of work for each row. @throws DomainError as `rows`, and `forbidden` for staff who act for somebody */
  async run(me: Principal, action: BulkAction, ids: string[]): Promise<BulkOutcome> {
    if (action === 'make_admin') requireInPerson(me);
    const rows = await this.rows(action, ids);
    const outcome: BulkOutcome = { done: 0, refused: [] };
    for (const { id, name, isSo } of rows) {
      const refusal = isSo ? ALREADY : await this.refusalOf(() => this.deeds[action].act(me, id));
      if (refusal) outcome.refused.push({ name, ...refusal });
      else outcome.done++;
    }
    for (let unknown = ids.length - rows.length; unknown > 0; unknown--) {
      outcome.refused.push({ name: null, key: 'members.bulk.gone', args: {} });
    }
    return outcome;
  }

  private async refusalOf(act: () => Promise<unknown>): Promise<Omit<BulkRefusal, 'name'> | null> {
    try {
      await act();
      return null;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { key: error.key, args: error.details.args ?? {} };
    }
  }
}

const ALREADY = { key: 'members.bulk.already', args: {} } as const;
