import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppConfig } from '../config/config.js';
import { Metrics } from '../telemetry/metrics.js';
import { Tracing } from '../telemetry/tracing.js';
import { DatabaseProbe } from './database-probe.js';
import { applicationOptions } from './schema/data-source-options.js';
import { DatabaseServer } from './database-server.js';
import { observedClient } from './read-path/observed-client.js';
import { poolOf } from './read-path/pipelined-read.js';
import { EntityCatalogue } from './schema/entity-catalogue.js';
import { DatabaseNotifications } from './database-notifications.js';
import { RawSql } from './privileged/raw-sql.js';
import { RowChoices } from './row-choices.js';
import { TenantRows } from './tenant-rows.js';
import { UnitOfWork } from './unit-of-work.js';

/** The database of the process: one server (embedded or remote) and one pool. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    private readonly server: DatabaseServer,
    dataSource: DataSource,
    metrics: Metrics,
  ) {
    metrics.watch(
      'atrium_database_connections',
      'Connections of this process to the database, by state: used, idle.',
      ['state'],
      () => {
        const { totalCount, idleCount } = poolOf(dataSource);
        const reading = { used: totalCount - idleCount, idle: idleCount };
        return Object.entries(reading).map(([state, value]) => ({ labels: { state }, value }));
      },
    );
    metrics.watch(
      'atrium_database_waiting',
      'Units of work that wait for a connection to become free.',
      [],
      () => [{ labels: {}, value: poolOf(dataSource).waitingCount }],
    );
  }

  static forServer(server: DatabaseServer): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [AppConfig, Tracing],
          useFactory: (config: AppConfig, tracing: Tracing) => ({
            ...applicationOptions(config, server.address, observedClient(config, tracing)),
            autoLoadEntities: true,
            retryAttempts: 1,
          }),
        }),
      ],
      providers: [
        DatabaseProbe,
        EntityCatalogue,
        DatabaseNotifications,
        RawSql,
        RowChoices,
        TenantRows,
        UnitOfWork,
        { provide: DatabaseServer, useValue: server },
      ],
      exports: [
        DatabaseProbe,
        EntityCatalogue,
        DatabaseNotifications,
        RawSql,
        RowChoices,
        TenantRows,
        UnitOfWork,
        DatabaseServer,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.server.close();
  }
}
