import { randomUUID } from 'node:crypto';
import type { Principal } from '../core/context/principal.js';
import type { SampleStory } from '../core/features/sample-data.js';
import type { TextKey } from '../core/i18n/text-keys.js';
import type { Translator } from '../core/i18n/translator.js';
import { isoDay } from '../core/views/intl.js';

const DAY = 24 * 3600_000;

/** A sample row before it is added, by property of its entity. */
export type MadeUpRow = Readonly<Record<string, unknown>> & { readonly id: string };

/** Collects the rows that features make up. */
export class MadeUpRows implements SampleStory {
  /** By table, in the order in which they were made up. */
  readonly rows = new Map<string, MadeUpRow[]>();
  private count = 0;

  constructor(
    private readonly me: Principal,
    private readonly texts: Translator,
  ) {}

  get memberId(): string {
    return this.me.profileId;
  }

  t(key: TextKey, args?: Record<string, unknown>): string {
    return this.texts.t(key, args);
  }

  day(days: number): string {
    return isoDay(Date.now() + days * DAY, this.me.timezone ?? 'UTC');
  }

  row(table: string, values: Readonly<Record<string, unknown>>): string {
    // They are all created at the same moment: lists by that moment come in the order of their ids.
    const id = (++this.count).toString(16).padStart(8, '0') + randomUUID().slice(8);
    const { tenantId } = this.me;
    this.rows.set(table, [...(this.rows.get(table) ?? []), { ...values, id, tenantId }]);
    return id;
  }

  ids(table: string): string[] {
    return (this.rows.get(table) ?? []).map(({ id }) => id);
  }
}
