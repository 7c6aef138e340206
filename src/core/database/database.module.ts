import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppConfig } from '../config/config.js';
import { DatabaseProbe } from './database-probe.js';
import { dataSourceOptions } from './data-source-options.js';
import { DatabaseServer } from './database-server.js';
import { Notifications } from './notifications.js';
import { RawSql } from './raw-sql.js';
import { UnitOfWork } from './unit-of-work.js';

/** The database of the process: one server (embedded or remote), one pool, one way to work with it. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly server: DatabaseServer) {}

  static forServer(server: DatabaseServer): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [AppConfig],
          useFactory: (config: AppConfig) => ({
            ...dataSourceOptions(config, server.address),
            autoLoadEntities: true,
            retryAttempts: 1,
          }),
        }),
      ],
      providers: [
        DatabaseProbe,
        Notifications,
        RawSql,
        UnitOfWork,
        { provide: DatabaseServer, useValue: server },
      ],
      exports: [DatabaseProbe, Notifications, RawSql, UnitOfWork, DatabaseServer],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.server.close();
  }
}
