import { Injectable } from '@nestjs/common';
import type { Actor } from '../../context/principal.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { DomainError } from '../../errors/domain-error.js';
import { declared, merged } from '../../features/registry.js';
import { OpenPages } from '../access/open-pages.js';

/** Names a row: its table, as `subjects` of a feature declares it, and its id. */
export interface SubjectRef {
  kind: string;
  id: string;
}

/** A row that something is kept about. */
export interface Subject extends SubjectRef {
  title: string;
  /** The person or API key that added it; null for the system. */
  createdBy: string | null;
  /** Path of its page. */
  href: string;
}

/** Rows that other features keep something about, as far as the actor may read them. */
@Injectable()
export class Subjects {
  constructor(
    private readonly pages: OpenPages,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws DomainError `not_found`: also where rows of this kind do not have `part`, or the actor may not read them */
  get(actor: Actor, ref: SubjectRef, part: string): Promise<Subject> {
    return this.find(actor, ref, part);
  }

  /**
   * Like `get`, in the open unit of work: until that ends the row is not deleted; `alone`: nor held by anybody else, as
   * counting what it has takes.
   * @throws DomainError `not_found`
   */
  hold(actor: Actor, ref: SubjectRef, part: string, how?: 'alone'): Promise<Subject> {
    return this.find(actor, ref, part, how ? 'FOR NO KEY UPDATE' : 'FOR SHARE');
  }

  /** The kinds of rows that have `part`. */
  kindsWith(part: string): string[] {
    return [...merged('subjects')]
      .filter(([, { has }]) => has.includes(part))
      .map(([kind]) => kind);
  }

  /** The permission that the list of these rows asks for. */
  permissionOf(kind: string) {
    return this.pages.permissionOf(declared('subjects', kind).href);
  }

  /** Roles whose people may read these rows. */
  rolesOf(kind: string) {
    return this.pages.rolesOf(declared('subjects', kind).href);
  }

  /** Whether the flags of these rows are on for a person of the organisation in context. */
  isOnFor(kind: string, userId: string): boolean {
    return this.pages.isOnFor(declared('subjects', kind).href, userId);
  }

  private async find(
    actor: Actor,
    { kind, id }: SubjectRef,
    part: string,
    lock = '',
  ): Promise<Subject> {
    const known = merged('subjects').get(kind);
    if (!known?.has.includes(part) || !this.pages.isOpen(known.href, actor)) throw notFound();
    const [row] = await this.unitOfWork.read<Pick<Subject, 'id' | 'title' | 'createdBy'>>({
      name: `subject-${kind}-${lock.toLowerCase().replaceAll(' ', '-')}`,
      text: `SELECT id, ${known.title} AS title, created_by AS "createdBy" FROM ${kind}
        WHERE tenant_id = app_tenant_id() AND id = $1 AND deleted_at IS NULL ${lock}`,
      values: [id],
    });
    if (!row) throw notFound();
    // The id as it is stored, whatever case it was asked in: others are found by it.
    return { kind, ...row, href: `${known.href}${row.id}/` };
  }
}

function notFound(): DomainError {
  return new DomainError('not_found', 'errors.not_found');
}
