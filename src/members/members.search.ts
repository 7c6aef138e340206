import { Injectable } from '@nestjs/common';
import type { FoundRow, SearchSource } from '../core/features/search.js';
import { initialsOf, mediaUrl } from '../core/http/pages/shell-builder.js';
import type { MemberRow } from './member-list.js';
import { MembersRepository } from './members.repository.js';

/** Finds members as their list does. A member has no page: the link leads to the list with the person alone. */
@Injectable()
export class MembersSearch implements SearchSource {
  constructor(private readonly members: MembersRepository) {}

  async find(q: string, limit: number): Promise<FoundRow[]> {
    return (await this.members.listed({ q, limit })).map(found);
  }
}

function found({ id, displayName, email, avatarKey }: MemberRow): FoundRow {
  const title = displayName ?? email;
  return {
    id,
    href: `/settings/users/?${new URLSearchParams({ q: email }).toString()}`,
    title,
    ...(displayName ? { detail: email } : {}),
    face: { url: mediaUrl(avatarKey), initials: initialsOf(title) },
  };
}
