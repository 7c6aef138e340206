import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  VersionColumn,
  type Relation,
} from 'typeorm';
import { TenantScopedEntity } from '../core/database/tenant-scoped.entity.js';
import { requireSeen, type SeenVersions } from '../core/database/version.js';
import { Tenant } from '../tenants/tenant.entity.js';
import { UserProfile } from '../users/user-profile.entity.js';

export const PROJECT_STATUSES = ['planned', 'active', 'done'] as const;
export type ProjectStatus = (typeof PROJECT_STATUSES)[number];

/** Editable fields of a project. */
export interface ProjectDetails {
  /** 1–120 characters on one line. */
  name: string;
  /** At most 2,000 characters; lines end in `\n`. */
  description: string | null;
  status: ProjectStatus;
  /** A day, ISO 8601: `2026-02-28`. */
  dueDate: string | null;
  /** The id of an active member. */
  ownerId: string | null;
}

/** A project of the organisation. Every member may change it. */
@Entity('project')
// One index per order of the list and of the back office, one for the dashboard: created by migrations.
@Index('idx_project_by_name', { synchronize: false })
@Index('idx_project_by_due_date', { synchronize: false })
@Index('idx_project_by_creation', { synchronize: false })
@Index('idx_project_due', { synchronize: false })
@Index('idx_project_of_all_by_creation', { synchronize: false })
@Index('idx_project_of_all_by_name', { synchronize: false })
@Index('idx_project_deleted', { synchronize: false })
export class Project extends TenantScopedEntity implements ProjectDetails {
  @ManyToOne(() => Tenant)
  @JoinColumn()
  tenant: Relation<Tenant>;

  @Column('varchar', { length: 120 }) name: string;
  @Column('varchar', { length: 2000, nullable: true }) description: string | null;
  @Column('varchar', { length: 20, default: 'planned' }) status: ProjectStatus;
  @Column('date', { nullable: true }) dueDate: string | null;
  @Column('uuid', { nullable: true }) ownerId: string | null;
  @ManyToOne(() => UserProfile)
  @JoinColumn([
    { name: 'tenant_id', referencedColumnName: 'tenantId' },
    { name: 'owner_id', referencedColumnName: 'id' },
  ])
  owner: Relation<UserProfile> | null;
  /** Optimistic lock: incremented by every change. */
  @VersionColumn() version: number;

  get details(): ProjectDetails {
    const { name, description, status, dueDate, ownerId } = this;
    return { name, description, status, dueDate, ownerId };
  }

  static create(details: ProjectDetails): Project {
    return Object.assign(new Project(), details);
  }

  /** @throws DomainError `stale` when changed since these versions */
  change(details: ProjectDetails, seen: SeenVersions): void {
    this.requireSeen(seen);
    Object.assign(this, details);
  }

  /** @throws DomainError `stale` when changed since these versions */
  requireSeen(seen: SeenVersions): void {
    requireSeen(this, seen, 'projects.errors.stale');
  }
}
