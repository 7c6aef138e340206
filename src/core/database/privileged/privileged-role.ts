import { DATABASE_ROLES, type PrivilegedRoleName } from './database-roles.js';

/**
 * A privileged role, to be passed to `UnitOfWork.runAs`. Whoever is to use one imports it from its own file;
 * who may is one rule in `.dependency-cruiser.mjs`.
 */
export class PrivilegedRole {
  /** Its name in the database. */
  readonly databaseRole: string;

  constructor(
    readonly name: PrivilegedRoleName,
    /** Why it exists. */
    readonly reason: string,
  ) {
    this.databaseRole = DATABASE_ROLES[name];
  }
}
