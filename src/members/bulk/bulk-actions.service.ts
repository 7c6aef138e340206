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
import { BulkActionsRepository, type ChangedRow } from './bulk-actions.repository.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { SeenVersions } from '../../core/database/version.js';

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
  /** The action that can be taken back; null where nothing was changed, or cannot be. */
  undoId: string | null;
}

interface Deed {
  /** The rows among the ids that the organisation has; `isSo`: nothing is left to do. */
  find(ids: string[]): Promise<Array<BulkRow & { isSo: boolean }>>;
  act(me: Principal, id: string): Promise<object>;
  /** Takes it back where the row still has the version that `act` left. Absent: that cannot be. */
  undo?(me: Principal, id: string, seen: SeenVersions): Promise<unknown>;
}

/** Actions on several members or invitations: each row is decided by itself, by the rules of the single action. */
@Injectable()
export class BulkActions {
  private readonly deeds: Record<BulkAction, Deed>;

  constructor(
    private readonly members: MembersService,
    private readonly repository: BulkActionsRepository,
    private readonly unitOfWork: UnitOfWork,
    invitations: InvitationsService,
  ) {
    const ofMembers = (
      isSo: (row: MemberRow) => boolean,
      act: Deed['act'],
      undo: NonNullable<Deed['undo']>,
    ): Deed => ({
      find: async (ids) =>
        (await members.among(ids)).map((row) => ({
          id: row.id,
          name: row.displayName ?? row.email,
          isSo: isSo(row),
        })),
      act,
      undo,
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
        (me, id, seen) => members.restore(me, id, seen),
      ),
      reengage: ofMembers(
        ({ isActive, canSignIn }) => isActive && canSignIn,
        (me, id) => members.reengage(me, id),
        (me, id, seen) => members.deactivate(me, id, seen),
      ),
      make_admin: ofMembers(
        ({ role }) => role === 'admin',
        (me, id) => members.setRole(me, id, 'admin'),
        (me, id, seen) => members.setRole(me, id, 'member', seen),
      ),
      make_member: ofMembers(
        ({ role }) => role === 'member',
        (me, id) => members.setRole(me, id, 'member'),
        (me, id, seen) => members.setRole(me, id, 'admin', seen),
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
    const outcome: BulkOutcome = { done: 0, refused: [], undoId: null };
    const { act, undo } = this.deeds[action];
    const changed: ChangedRow[] = [];
    for (const { id, name, isSo } of rows) {
      const refusal = isSo
        ? ALREADY
        : await this.refusalOf(async () => {
            const row = await act(me, id);
            changed.push({ id, version: 'version' in row ? Number(row.version) : 0 });
          });
      if (refusal) outcome.refused.push({ name, ...refusal });
    }
    for (let unknown = ids.length - rows.length; unknown > 0; unknown--) {
      outcome.refused.push({ name: null, key: 'members.bulk.gone', args: {} });
    }
    outcome.done = changed.length;
    if (undo && changed.length > 0) {
      const note = () => this.repository.add(me.userId, action, changed);
      outcome.undoId = await this.unitOfWork.run(note);
    }
    return outcome;
  }

  /**
   * Takes back what an action of this person has changed, as far as nobody has changed it since, once and in one unit of
   * work. Null where it was taken back before.
   * @throws DomainError `not_found` for an action of somebody else, and after a day
   */
  async undo(me: Principal, undoId: string): Promise<BulkOutcome | null> {
    return this.unitOfWork.run(async () => {
      const taken = await this.repository.take(me.userId, undoId);
      if (taken === 'undone') return null;
      const undo = taken && this.deeds[taken.action].undo;
      if (!undo) throw new DomainError('not_found', 'errors.not_found');
      const rows = await this.members.among(taken.rows.map(({ id }) => id));
      const names = new Map(rows.map((row) => [row.id, row.displayName ?? row.email]));
      const outcome: BulkOutcome = { done: 0, refused: [], undoId: null };
      for (const { id, version } of taken.rows) {
        const take = () => this.unitOfWork.attempt(() => undo(me, id, [version]));
        const refusal = await this.refusalOf(take);
        if (refusal) outcome.refused.push({ name: names.get(id) ?? null, ...refusal });
        else outcome.done++;
      }
      return outcome;
    });
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
