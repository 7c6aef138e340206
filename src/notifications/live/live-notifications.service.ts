import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import {
  actAs,
  currentContext,
  runInContext,
  setLocale,
} from '../../core/context/request-context.js';
import { DatabaseNotifications } from '../../core/database/database-notifications.js';
import { Authenticator } from '../../core/http/access/authenticator.js';
import { GracefulStop } from '../../core/http/pipeline/graceful-stop.js';
import type { Locale } from '../../core/i18n/locales.js';
import type { TextKey } from '../../core/i18n/text-keys.js';
import { Translator } from '../../core/i18n/translator.js';
import { Metrics } from '../../core/telemetry/metrics.js';
import { sentenceOf } from '../notification.presenter.js';
import { NotificationsRepository } from '../notifications.repository.js';

/** What an open page shows of it. */
export interface BellState {
  unread: number;
  /** The accessible name of the bell. */
  label: string;
  /** Read out when a notification has come; null when one was read. */
  said: string | null;
}

/** An open page. */
export interface Listener {
  send(state: BellState): void;
  /** The session has ended, or the process stops. */
  end(): void;
}

interface Stream extends Listener {
  principal: Principal;
  locale: Locale;
  /** The update that runs; a later one waits for it. */
  running: Promise<void> | null;
  isDue: 'insert' | 'update' | null;
}

/** The number of unread ones is counted up to one more. */
const MOST_COUNTED = 99;

/** Open pages of one person in one process; tabs of one browser share one. */
const MOST_PER_PERSON = 10;

/**
 * Tells open pages of a change of their person's notifications, in whatever process it was committed. Each time the
 * session is read again, which says the number too: a page whose session has ended hears nothing more.
 */
@Injectable()
export class LiveNotifications implements OnModuleInit {
  private readonly log = new Logger('Notifications');
  /** By the profile of the person. */
  private readonly streams = new Map<string, Set<Stream>>();

  constructor(
    private readonly changes: DatabaseNotifications,
    private readonly authenticator: Authenticator,
    private readonly notifications: NotificationsRepository,
    private readonly texts: Translator,
    private readonly stop: GracefulStop,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.changes.on('notifications_changed', (payload) => this.changed(payload));
    this.stop.onStop(() => this.all().forEach((stream) => stream.end()));
    this.metrics.watch(
      'atrium_notification_streams',
      'Open pages that are told of notifications as they come.',
      [],
      () => [{ labels: {}, value: this.all().length }],
    );
  }

  /** Adds a page; returns how it leaves, or null where the person has too many. */
  join(principal: Principal, listener: Listener): (() => void) | null {
    const { profileId } = principal;
    const streams = this.streams.get(profileId) ?? new Set();
    if (streams.size >= MOST_PER_PERSON) return null;
    if (this.stop.isStopping) listener.end();
    const { locale } = currentContext();
    const stream: Stream = { ...listener, principal, locale, running: null, isDue: null };
    this.streams.set(profileId, streams.add(stream));
    return () => {
      streams.delete(stream);
      if (streams.size === 0 && this.streams.get(profileId) === streams) {
        this.streams.delete(profileId);
      }
    };
  }

  /** What the bell of a person shows now. */
  stateOf({ unreadNotifications: unread }: Principal): BellState {
    const label = this.texts.t(labelOf(unread), { count: unread });
    return { unread, label, said: null };
  }

  /** `payload`: `insert <profile>` or `update <profile>`; null: any may have been missed. */
  private async changed(payload: string | null): Promise<void> {
    const [what, profileId] = payload?.split(' ') ?? [];
    const due = what === 'insert' ? 'insert' : 'update';
    const streams = profileId === undefined ? this.all() : [...(this.streams.get(profileId) ?? [])];
    await Promise.all(streams.map((stream) => this.update(stream, due)));
  }

  /** Changes that come while one is being told are told together afterwards. */
  private update(stream: Stream, due: 'insert' | 'update'): Promise<void> {
    if (stream.isDue !== 'insert') stream.isDue = due;
    return (stream.running ??= this.tell(stream).finally(() => (stream.running = null)));
  }

  private async tell(stream: Stream): Promise<void> {
    while (stream.isDue) {
      const isNew = stream.isDue === 'insert';
      stream.isDue = null;
      try {
        await runInContext({ locale: stream.locale }, () => this.send(stream, isNew));
      } catch (error) {
        this.log.warn(`An open page was not told: ${(error as Error).message}`);
      }
    }
  }

  private async send(stream: Stream, isNew: boolean): Promise<void> {
    const principal = await this.authenticator.reread(stream.principal);
    if (!principal?.profileActive) return stream.end();
    actAs(principal);
    setLocale(stream.locale);
    const latest = isNew ? await this.notifications.latestUnread(principal.profileId) : null;
    const said =
      latest && this.texts.t('notifications.bell.said', { text: sentenceOf(latest, this.texts) });
    stream.send({ ...this.stateOf(principal), said });
  }

  private all(): Stream[] {
    return [...this.streams.values()].flatMap((streams) => [...streams]);
  }
}

function labelOf(unread: number): TextKey {
  if (unread === 0) return 'notifications.title';
  return unread > MOST_COUNTED ? 'notifications.bell.many' : 'notifications.bell.name';
}
