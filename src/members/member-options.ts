import { Injectable } from '@nestjs/common';
import { uuidOf } from '../core/utils/uuid.js';
import { DomainError } from '../core/errors/domain-error.js';
import type { SelectOption } from '../core/views/shell.js';
import { MembersRepository } from './members.repository.js';

/** Members as values of a field: what a form offers, who may be chosen, and what they are called. */
@Injectable()
export class MemberOptions {
  constructor(private readonly members: MembersRepository) {}

  /** Active members by name; `chosen` is among them, even without access by now. */
  async offered(chosen: unknown): Promise<SelectOption[]> {
    const members = await this.members.choices(uuidOf(chosen));
    return members.map(({ id, name, email }) => ({ value: id, label: name, search: email }));
  }

  /** The name, else the e-mail address; null for nobody. */
  async nameOf(id: string | null): Promise<string | null> {
    return id && (await this.members.nameOf(id));
  }

  /**
   * Whether somebody can be chosen: an active member, or who was chosen `before`.
   * @throws DomainError `invalid` at `field`
   */
  async require(field: string, id: string | null, before: string | null = null): Promise<void> {
    if (id === null || id === before || (await this.members.isActive(id))) return;
    throw new DomainError('invalid', 'members.errors.unknown', { field });
  }
}
