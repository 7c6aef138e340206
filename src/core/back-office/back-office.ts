import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { EntityCatalogue } from '../database/schema/entity-catalogue.js';
import { DomainError } from '../errors/domain-error.js';
import { AdminEntity, GROUPS } from './admin-entity.js';
import { ListedEntity } from './listed-entity.js';

/** All entities of the back office: every provider of the application that is an `AdminEntity`. */
@Injectable()
export class BackOffice implements OnModuleInit {
  private readonly byPath = new Map<string, ListedEntity>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly catalogue: EntityCatalogue,
  ) {}

  onModuleInit(): void {
    const providers = this.discovery.getProviders() as Array<{ instance: unknown }>;
    const declarations = providers.map(({ instance }) => instance).filter(isDeclaration);
    const actor = declarations.find(({ isActor }) => isActor);
    if (!actor) throw new Error('No entity of the back office says that it is the actor (isActor)');
    for (const declared of declarations) {
      const description = this.catalogue.describe(declared.entity);
      this.byPath.set(declared.path, new ListedEntity(declared, description, actor.entity));
    }
    for (const { declared } of this.byPath.values()) {
      for (const { path, by } of declared.related) this.scope(this.get(path), by);
    }
  }

  /** @throws DomainError `not_found` */
  get(path: string): ListedEntity {
    const found = this.byPath.get(path);
    if (!found) throw new DomainError('not_found', 'errors.not_found');
    return found;
  }

  all(): ListedEntity[] {
    return [...this.byPath.values()].sort(
      ({ declared: a }, { declared: b }) =>
        GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || a.position - b.position,
    );
  }

  /** The back-office entity of an entity class, if there is one. */
  of(entity: Type): ListedEntity | null {
    return this.all().find(({ declared }) => declared.entity === entity && !declared.only) ?? null;
  }

  /** The relations by which a list can be restricted to one related row. */
  scopesOf(list: ListedEntity): string[] {
    const related = this.all().flatMap(({ declared }) => declared.related);
    return [...new Set(related.filter(({ path }) => path === list.path).map(({ by }) => by))];
  }

  /** The column and the target of such a relation. */
  scope(list: ListedEntity, by: string) {
    const column = list.columns.find(({ relation }) => relation?.property === by);
    const target = column?.relation && this.of(column.relation.target);
    if (!column || !target) throw new Error(`There is no way from ${list.path} by ${by}`);
    return { column, target };
  }
}

function isDeclaration(provider: unknown): provider is AdminEntity {
  return provider instanceof AdminEntity;
}
