import { Column, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { isApiKey, type Actor } from '../core/context/principal.js';
import { TenantScopedEntity } from '../core/database/tenant-scoped.entity.js';
import type { SubjectRef } from '../core/http/pages/subjects.js';
import { Tenant } from './tenant.entity.js';
import { UserProfile } from '../users/user-profile.entity.js';

/** What tells whose it is. */
export interface Contributed {
  /** Null: an API key added it. */
  authorId: string | null;
  createdBy: string | null;
}

/** What a member or an API key has added to a row of the organisation (`subjects`). */
export abstract class Contribution extends TenantScopedEntity implements Contributed {
  @ManyToOne(() => Tenant)
  @JoinColumn()
  tenant: Relation<Tenant>;

  /** Table and id of the row. */
  @Column({ type: 'varchar', length: 60, update: false }) subject: string;
  @Column({ type: 'uuid', update: false }) subjectId: string;

  @Column({ type: 'uuid', nullable: true, update: false }) authorId: string | null;
  @ManyToOne(() => UserProfile)
  @JoinColumn([
    { name: 'tenant_id', referencedColumnName: 'tenantId' },
    { name: 'author_id', referencedColumnName: 'id' },
  ])
  author: Relation<UserProfile> | null;
  /** Of an API key: its name at that time. */
  @Column({ type: 'varchar', length: 100, nullable: true, update: false }) keyName: string | null;

  get ref(): SubjectRef {
    return { kind: this.subject, id: this.subjectId };
  }

  /** Sets whose it is, and about which row. */
  protected by(actor: Actor, { kind, id }: SubjectRef): this {
    const author = isApiKey(actor)
      ? { authorId: null, keyName: actor.name }
      : { authorId: actor.profileId, keyName: null };
    return Object.assign(this, { subject: kind, subjectId: id, ...author });
  }
}

/** Whether this actor added it. */
export function isBy(actor: Actor, { authorId, createdBy }: Contributed): boolean {
  return isApiKey(actor)
    ? authorId === null && createdBy === actor.keyId
    : authorId === actor.profileId;
}

/** Whether this actor may delete it: who added it, and every admin. */
export function mayDelete(actor: Actor, one: Contributed): boolean {
  return isBy(actor, one) || (!isApiKey(actor) && actor.role === 'admin');
}

/** Whether this actor may take its deletion back: who deleted it, and every admin. */
export function mayRestore(actor: Actor, { deletedBy }: Contribution): boolean {
  if (isApiKey(actor)) return deletedBy === actor.keyId;
  return deletedBy === actor.userId || actor.role === 'admin';
}
