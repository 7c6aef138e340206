import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { EntityCatalogue } from '../database/schema/entity-catalogue.js';
import { DomainError } from '../errors/domain-error.js';
import { installedFeatures } from '../features/registry.js';
import { AdminEntity, GROUPS, type OwnPage } from './admin-entity.js';
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
    const found = this.discovery.getProviders().flatMap(({ instance, host }) => {
      const provider: unknown = instance;
      return isDeclaration(provider) ? [{ declared: provider, module: host?.metatype }] : [];
    });
    const actor = found.find(({ declared }) => declared.isActor);
    if (!actor) throw new Error('No entity of the back office says that it is the actor (isActor)');
    for (const { declared, module } of found) {
      const description = this.catalogue.describe(declared.entity);
      const list = new ListedEntity(
        declared,
        description,
        actor.declared.entity,
        featureOf(module),
      );
      this.byPath.set(declared.path, list);
    }
    for (const list of this.byPath.values()) {
      for (const by of this.scopesOf(list)) this.scope(list, by);
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
  scopesOf(list: ListedEntity): readonly string[] {
    return list.declared.listedUnder;
  }

  /** The lists that stand on the page of a row of this entity, and the relation that leads to it. */
  listedUnder(entity: ListedEntity): Array<{ list: ListedEntity; by: string }> {
    return this.all().flatMap((list) =>
      this.scopesOf(list)
        .filter((by) => this.scope(list, by).target === entity)
        .map((by) => ({ list, by })),
    );
  }

  /** The pages that rows of this entity have of other entities, and who declares each. */
  pagesOf({ path }: ListedEntity): Array<{ list: ListedEntity; name: string; page: OwnPage }> {
    return this.all().flatMap((list) =>
      Object.entries(list.declared.pagesOf[path] ?? {}).map(([name, page]) => {
        return { list, name, page };
      }),
    );
  }

  /** The column and the target of such a relation. */
  scope(list: ListedEntity, by: string) {
    const column = list.columns.find(({ relation }) => relation?.property === by);
    const target = column?.relation && this.of(column.relation.target);
    if (!column || !target) throw new Error(`There is no way from ${list.path} by ${by}`);
    return { column, target };
  }
}

/** The name of the feature that a module makes. */
function featureOf(module: unknown): string {
  return installedFeatures().find((feature) => feature.module === module)?.name ?? 'back-office';
}

function isDeclaration(provider: unknown): provider is AdminEntity {
  return provider instanceof AdminEntity;
}
