import type { AppConfig } from '../config/config.js';
import type { DatabaseAddress } from './schema/data-source-options.js';
import { EmbeddedDatabase, joinEmbedded } from '../../pglite-wire/pglite-wire.js';

/** The database of this process: the server of `DATABASE_URL`, else the embedded engine. */
export class DatabaseServer {
  private constructor(
    readonly address: DatabaseAddress,
    readonly kind: 'embedded' | 'server',
    private readonly stop: () => Promise<void>,
  ) {}

  /** @throws FolderInUseError when another process holds the embedded data folder */
  static async open(config: AppConfig): Promise<DatabaseServer> {
    if (config.DATABASE_URL) {
      return DatabaseServer.remote(config.DATABASE_URL, config.DIRECT_DATABASE_URL);
    }
    return DatabaseServer.embedded(
      await EmbeddedDatabase.open({ folder: `${config.DATA_DIR}/database` }),
    );
  }

  /** For commands: works whether or not the application runs on the embedded folder. */
  static async join(config: AppConfig): Promise<DatabaseServer> {
    if (config.DATABASE_URL) {
      return DatabaseServer.remote(config.DATABASE_URL, config.DIRECT_DATABASE_URL);
    }
    return DatabaseServer.embedded(await joinEmbedded(`${config.DATA_DIR}/database`));
  }

  /** `directUrl`: of the server itself, where `url` is a pooler. */
  static remote(url: string, directUrl?: string): DatabaseServer {
    const address = { url, ...(directUrl ? { directUrl } : {}) };
    return new DatabaseServer(address, 'server', () => Promise.resolve());
  }

  static embedded(engine: Pick<EmbeddedDatabase, 'connect' | 'close'>): DatabaseServer {
    return new DatabaseServer({ connect: () => engine.connect() }, 'embedded', () =>
      engine.close(),
    );
  }

  close(): Promise<void> {
    return this.stop();
  }
}
