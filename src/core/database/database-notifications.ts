import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import pg from 'pg';
import { DatabaseServer } from './database-server.js';

/** Channels of NOTIFY, used by triggers of the migrations. */
export type Channel = 'flags_changed' | 'notifications_changed';

/** `payload`: what the trigger says; null: something may have been missed. */
type Listener = (payload: string | null) => Promise<void>;

const FIRST_DELAY = 250;
const LONGEST_DELAY = 30_000;

/**
 * Receives notifications of committed changes (LISTEN/NOTIFY) over a connection of its own. After a lost
 * connection every listener is called, since notifications may have been missed. Listeners that must not miss
 * a change also poll: a pooler that nobody told us of drops notifications.
 */
@Injectable()
export class DatabaseNotifications implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('DatabaseNotifications');
  private readonly listeners = new Map<Channel, Listener>();
  private client: pg.Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private failures = 0;
  private isClosing = false;

  constructor(private readonly server: DatabaseServer) {}

  /** Registers a listener during module initialisation. `then` must not throw. */
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
    client.on('notification', ({ channel, payload = null }) => {
      void this.listeners.get(channel as Channel)?.(payload);
    });
    this.client = client;
    try {
      await client.connect();
      for (const channel of this.listeners.keys()) await client.query(`LISTEN ${channel}`);
      this.failures = 0;
      await Promise.all([...this.listeners.values()].map((listener) => listener(null)));
    } catch (error) {
      this.lost(client, error as Error);
    }
  }

  /** Idempotent per connection. */
  private lost(client: pg.Client, error?: Error): void {
    if (client !== this.client) return;
    this.client = undefined;
    void client.end().catch(() => undefined);
    if (this.isClosing) return;
    if (this.failures === 0) {
      this.log.warn(`Changes are not heard of for a while: ${error?.message ?? 'the end'}`);
    }
    // Random delay, so that processes do not reconnect at the same moment.
    const delay = Math.min(FIRST_DELAY * 2 ** this.failures++, LONGEST_DELAY);
    this.retry = setTimeout(() => void this.connect(), delay * (0.75 + Math.random() / 2));
    this.retry.unref();
  }

  private connection(): pg.ClientConfig {
    const { url, directUrl = url, connect } = this.server.address;
    return {
      ...(connect
        ? { user: 'postgres', database: 'postgres', password: '', stream: connect }
        : { connectionString: directUrl }),
      application_name: 'atrium',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    };
  }
}
