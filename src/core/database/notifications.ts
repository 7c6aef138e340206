import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import pg from 'pg';
import { DatabaseServer } from './database-server.js';

/** What a trigger of a migration tells: the channels of NOTIFY. */
export type Channel = 'flags_changed';

type Listener = () => Promise<void>;

const FIRST_DELAY = 250;
const LONGEST_DELAY = 30_000;

/**
 * Hears what this or another process has committed (LISTEN/NOTIFY), over one connection of its own. A
 * connection that is lost is made again; what was missed meanwhile nobody can tell, so every listener is
 * called then. Whoever cannot bear to miss something also looks by itself now and then: a pooler in
 * front of the database may let no notification through.
 */
@Injectable()
export class Notifications implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Notifications');
  private readonly listeners = new Map<Channel, Listener>();
  private client: pg.Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private failures = 0;
  private isClosing = false;

  constructor(private readonly server: DatabaseServer) {}

  /** Called while modules start. `then` must not throw. */
  on(channel: Channel, then: Listener): void {
    this.listeners.set(channel, then);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.connect();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    if (this.isClosing || this.listeners.size === 0) return;
    const client = new pg.Client(this.connection());
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client));
    client.on('notification', ({ channel }) => void this.listeners.get(channel as Channel)?.());
    this.client = client;
    try {
      await client.connect();
      for (const channel of this.listeners.keys()) await client.query(`LISTEN ${channel}`);
      this.failures = 0;
      await Promise.all([...this.listeners.values()].map((listener) => listener()));
    } catch (error) {
      this.lost(client, error as Error);
    }
  }

  /** May be told several times of one connection. */
  private lost(client: pg.Client, error?: Error): void {
    if (client !== this.client) return;
    this.client = undefined;
    void client.end().catch(() => undefined);
    if (this.isClosing) return;
    if (this.failures === 0) {
      this.log.warn(`Changes are not heard of for a while: ${error?.message ?? 'the end'}`);
    }
    // Not all processes at the same moment, when the database comes back.
    const delay = Math.min(FIRST_DELAY * 2 ** this.failures++, LONGEST_DELAY);
    this.retry = setTimeout(() => void this.connect(), delay * (0.75 + Math.random() / 2));
    this.retry.unref();
  }

  private connection(): pg.ClientConfig {
    const { url, connect } = this.server.address;
    return {
      ...(connect
        ? { user: 'postgres', database: 'postgres', password: '', stream: connect }
        : { connectionString: url }),
      application_name: 'atrium',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    };
  }
}
