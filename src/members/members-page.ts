import { Injectable } from '@nestjs/common';
import type { Principal, Role } from '../core/context/principal.js';
import { page, type Page } from '../core/http/pipeline/answers.js';
import { Form } from '../core/http/forms/form.js';
import { initialsOf } from '../core/http/pages/shell-builder.js';
import { safePath } from '../core/http/security/safe-path.js';
import { UUID } from '../core/utils/uuid.js';
import { presentMember, type PresentedMember } from './member.presenter.js';
import { MembersService } from './members.service.js';
import { InvitationsService } from './invitations/invitations.service.js';
import type { InvitingParts } from './invitations/inviting.js';

export const PATH = '/settings/users/';

const MEMBERS = 25;
/** Number of invitations beside the members; `state=invited` lists all. */
const FEW_INVITATIONS = 5;

/** Query of the page, from its URL. */
export interface UsersView {
  q: string;
  role: Role | '';
  state: 'active' | 'inactive' | 'invited' | '';
  /** Id of a member, or an e-mail address when invitations are listed. */
  after: string;
  before: string;
}

/** The invitation form, where it was refused, and what came of it. */
export interface UsersPageParts extends Partial<InvitingParts<object>> {
  /** Another refused action. */
  refusal?: Form<object>;
}

/** Members and invitations on one page, with at most two statements. */
@Injectable()
export class MembersPage {
  constructor(
    private readonly members: MembersService,
    private readonly invitations: InvitationsService,
  ) {}

  async show(me: Principal, view: UsersView, parts: UsersPageParts = {}): Promise<Page> {
    const [invited, listed] = await Promise.all([this.invited(view), this.listed(view)]);
    const people = listed?.members ?? [];
    const [first, last] = [people[0], people.at(-1)];
    const model = {
      form: Form.blank({ role: 'member' }),
      ...parts,
      isInviting: parts.form !== undefined,
      view,
      isFiltered: view.q !== '' || view.role !== '' || view.state !== '',
      members: listed && people.map((row) => withFace(presentMember(row, me))),
      previousUrl: listed?.hasPrevious && first ? addressOf(view, { before: first.id }) : null,
      nextUrl: listed?.hasNext && last ? addressOf(view, { after: last.id }) : null,
      ...invited,
    };
    return page('members/members', model, { section: 'settings' });
  }

  private async listed({ q, role, state, after, before }: UsersView) {
    if (state === 'invited') return null;
    return this.members.listed({
      limit: MEMBERS,
      ...(q ? { q } : {}),
      ...(role ? { role } : {}),
      ...(state ? { isActive: state === 'active' } : {}),
      ...(UUID.test(after) ? { after } : UUID.test(before) ? { before } : {}),
    });
  }

  private async invited(view: UsersView) {
    const isAll = view.state === 'invited';
    const isBeside = view.state === '' && view.role === '' && !view.after && !view.before;
    if (!isAll && !isBeside) return { invitations: [], moreInvitedUrl: null };
    const { invitations, hasNext } = await this.invitations.pending({
      q: view.q,
      limit: isAll ? MEMBERS : FEW_INVITATIONS,
      ...(isAll ? { after: view.after } : {}),
    });
    const after = isAll ? (invitations.at(-1)?.email ?? '') : '';
    const moreInvitedUrl = hasNext ? addressOf({ ...view, state: 'invited' }, { after }) : null;
    return { invitations, moreInvitedUrl };
  }
}

/** Adds initials for members without a picture. */
function withFace(member: PresentedMember) {
  return { ...member, initials: initialsOf(member.name) };
}

/** Reads the query; invalid values are ignored. */
export function viewFrom(asked: URLSearchParams): UsersView {
  // PostgreSQL text cannot contain NUL.
  const text = (name: string) => (asked.get(name) ?? '').replaceAll('\0', '');
  const one = <T extends string>(name: string, of: readonly T[]): T | '' =>
    of.find((each) => each === asked.get(name)) ?? '';
  return {
    q: text('q').trim().slice(0, 100),
    role: one('role', ['admin', 'member']),
    state: one('state', ['active', 'inactive', 'invited']),
    after: text('after').slice(0, 254),
    before: text('before').slice(0, 254),
  };
}

function addressOf({ q, role, state }: UsersView, at: { after?: string; before?: string }): string {
  const asked = Object.entries({ q, role, state, ...at }).filter(([, value]) => value);
  const search = new URLSearchParams(asked).toString();
  return search ? `${PATH}?${search}` : PATH;
}

/** The list to return to; other paths are ignored. */
export function listPath(next: unknown): string {
  const path = safePath(next, PATH);
  return path === PATH || path.startsWith(`${PATH}?`) ? path : PATH;
}

export function searchOf(path: string): URLSearchParams {
  return new URLSearchParams(path.split('?')[1] ?? '');
}
