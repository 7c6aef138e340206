import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.service.js';
import type { Principal } from '../core/context/principal.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { declared, merged } from '../core/features/registry.js';
import { SampleDataState } from '../core/http/pages/sample-data-state.js';
import type { TextKey } from '../core/i18n/text-keys.js';
import { Translator } from '../core/i18n/translator.js';
import { MadeUpRows } from './made-up-rows.js';
import { SampleDataRepository } from './sample-data.repository.js';

/** How many rows of which kind. */
export interface SampleCount {
  text: TextKey;
  count: number;
}

/** A row that stays when sample data is removed. */
export interface KeptSample {
  kind: string;
  text: TextKey;
  title: string | null;
  /** Path of its page; null where it has none of its own. */
  href: string | null;
}

/**
 * Sample data of a new organisation: rows that features make up in the language of the admin who asks, added in one
 * unit of work and taken away in one (ADR 144). They are no changes of single rows: the trail has one entry, no webhook is
 * sent, and nobody is notified.
 */
@Injectable()
export class SampleData {
  constructor(
    private readonly samples: SampleDataRepository,
    private readonly state: SampleDataState,
    private readonly audit: AuditTrail,
    private readonly texts: Translator,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  isOffered(me: Principal): boolean {
    return this.state.isOffered(me);
  }

  /** What would be added. */
  async preview(me: Principal): Promise<SampleCount[]> {
    const { rows } = await this.madeUp(me);
    return countsOf(new Map([...rows].map(([kind, all]) => [kind, all.length])));
  }

  /** What would be removed, and what would stay. */
  async present(): Promise<{ counts: SampleCount[]; kept: KeptSample[] }> {
    const [counts, kept] = await Promise.all([this.samples.counts(), this.kept(belongingFirst())]);
    for (const { kind } of kept) counts.set(kind, counts.get(kind)! - 1);
    return { counts: countsOf(counts), kept };
  }

  /** Adds them, where they are offered: the number of rows; null when they are there already. */
  async add(me: Principal): Promise<number | null> {
    const { rows } = await this.madeUp(me);
    return this.unitOfWork.run(async () => {
      if (!(await this.samples.begin())) return null;
      for (const [kind, all] of rows) await this.samples.add(kind, all);
      const count = [...rows.values()].flat().length;
      await this.record('sample_data.added', { sample_rows: { from: null, to: count } });
      return count;
    });
  }

  /** Takes them away but for those that stay, which are rows like all others then; null when there are none. */
  async remove(): Promise<{ removed: number; kept: number } | null> {
    return this.unitOfWork.run(async () => {
      if (!(await this.samples.end())) return null;
      const kinds = belongingFirst();
      for (const kind of kinds) await this.samples.hold(kind);
      const kept: string[] = [];
      for (const kind of kinds) {
        kept.push(...(await this.samples.kept(kind, kept)).map(({ id }) => id));
      }
      await this.samples.release(kept);
      let removed = 0;
      for (const kind of kinds) removed += await this.samples.remove(kind);
      await this.record('sample_data.removed', {
        sample_rows: { from: removed, to: null },
        ...(kept.length > 0 ? { kept_rows: { from: null, to: kept.length } } : {}),
      });
      return { removed, kept: kept.length };
    });
  }

  private async kept(kinds: readonly string[]): Promise<KeptSample[]> {
    const ids: string[] = [];
    const kept: KeptSample[] = [];
    for (const kind of kinds) {
      const { text, href } = declared('sampleData', kind);
      for (const { id, title } of await this.samples.kept(kind, ids)) {
        ids.push(id);
        kept.push({ kind, text, title, href: href ? `${href}${id}/` : null });
      }
    }
    return kept;
  }

  private async madeUp(me: Principal): Promise<MadeUpRows> {
    const story = new MadeUpRows(me, this.texts);
    for (const kind of this.state.kinds(me)) {
      const { rows } = declared('sampleData', kind);
      (await rows!()).tell(story);
    }
    return story;
  }

  private record(
    action: 'sample_data.added' | 'sample_data.removed',
    changes: Record<string, { from: number | null; to: number | null }>,
  ): Promise<void> {
    return this.audit.record({
      action,
      subject: { kind: 'sample_data', id: null, name: null },
      changes,
    });
  }
}

/** The tables in an order in which their rows can be asked for and deleted: what belongs to a row comes before it. */
function belongingFirst(): string[] {
  const about = new Set([...merged('subjectCards').values()].map(({ table }) => table));
  const kinds = [...merged('sampleData').keys()].reverse();
  return [...kinds.filter((kind) => about.has(kind)), ...kinds.filter((kind) => !about.has(kind))];
}

function countsOf(counts: ReadonlyMap<string, number>): SampleCount[] {
  return belongingFirst()
    .reverse()
    .map((kind) => ({ text: declared('sampleData', kind).text, count: counts.get(kind) ?? 0 }))
    .filter(({ count }) => count > 0);
}
