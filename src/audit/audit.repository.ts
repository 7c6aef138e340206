import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import type { AuditEntry } from './audit-entry.entity.js';
import { auditRole } from '../core/database/privileged/audit.role.js';

export type NewAuditEntry = Omit<
  AuditEntry,
  | 'id'
  | 'chain'
  | 'position'
  | 'at'
  | 'tenant'
  | 'isRedacted'
  | 'personalHash'
  | 'personalSalt'
  | 'previousHash'
  | 'hash'
>;

/**
 * The first break of a chain: an entry is `missing`, was `altered`, does not follow its predecessor
 * (`unlinked`), or lies beyond the head (`unheaded`).
 */
export interface BrokenChain {
  /** Null for a chain of no organisation. */
  tenantId: string | null;
  chain: string;
  position: number;
  problem: 'missing' | 'altered' | 'unlinked' | 'unheaded';
}

@Injectable()
export class AuditRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Posts an entry to the open unit of work: the lock of its chain is taken in the message with the next statement,
   * mostly COMMIT. The database assigns position, time and hashes.
   */
  add(entry: NewAuditEntry): Promise<void> {
    const statement = {
      name: 'audit-entry',
      text: `INSERT INTO audit_entry (tenant_id, actor_kind, actor_id, actor_name, staff_id, staff_name,
         action, subject_kind, subject_id, subject_name, changes, address, device, request_id)
       VALUES ($1, $2, $3, left($4, 254), $5, left($6, 254), $7, $8, $9, left($10, 254), $11, $12,
         left($13, 400), left($14, 64))`,
      values: [
        entry.tenantId,
        entry.actorKind,
        entry.actorId,
        entry.actorName,
        entry.staffId,
        entry.staffName,
        entry.action,
        entry.subjectKind,
        entry.subjectId,
        entry.subjectName,
        entry.changes && JSON.stringify(entry.changes),
        entry.address,
        entry.device,
        entry.requestId,
      ],
    };
    return this.unitOfWork.post(statement, auditRole);
  }

  /**
   * Verifies page by page, so that a long trail neither exceeds the statement timeout nor holds locks for
   * long.
   */
  async verify(): Promise<{ entries: number; chains: number; broken: BrokenChain[] }> {
    const breaks: Break[] = [];
    let entries = 0;
    for (let after: Cursor | null = FIRST; after;) {
      const page: CheckedPage = await this.checkedPage(after);
      entries += page.entries;
      breaks.push(...(page.breaks ?? []));
      after = page.last;
    }
    const heads = await this.unitOfWork.read<Break & { chains: number }>(
      { name: 'audit-heads', text: HEADS },
      auditRole,
    );
    breaks.push(...heads.filter(({ problem }) => problem));
    return { entries, chains: heads[0]?.chains ?? 0, broken: firstOfEach(breaks) };
  }

  private async checkedPage({ chain, position }: Cursor): Promise<CheckedPage> {
    const [page] = await this.unitOfWork.read<CheckedPage>(
      { name: 'audit-page', text: PAGE, values: [chain, position] },
      auditRole,
    );
    return page!;
  }
}

/** Cursor before the first entry. */
const FIRST: Cursor = {
  chain: '00000000-0000-0000-0000-000000000000',
  position: '-9223372036854775808',
};
const PAGE_SIZE = 5_000;

interface Cursor {
  chain: string;
  position: string;
}

interface Break {
  chain: string;
  position: number;
  problem: BrokenChain['problem'];
}

interface CheckedPage {
  entries: number;
  last: Cursor | null;
  breaks: Break[] | null;
}

const ZEROS = `decode(repeat('00', 32), 'hex')`;
/** Prefix of numbered chains (no organisation). Chains of failed sign-ins may lack their first entries. */
const NUMBERED = '00000000-0000-0000-0000-';
const STRANGERS = `BETWEEN '${NUMBERED}000000000100' AND '${NUMBERED}00000000013f'`;

/** Checks the hash of each entry and its link to the previous one. */
const PAGE = `
  WITH page AS (
    SELECT e.chain, e.position, e.previous_hash, is_audit_entry_true(e) AS "isTrue"
    FROM audit_entry e WHERE (e.chain, e.position) > ($1::uuid, $2::bigint)
    ORDER BY e.chain, e.position LIMIT ${PAGE_SIZE}),
  checked AS (
    SELECT page.chain, page.position, CASE
      WHEN page.position <= coalesce(head.base_position, 0) THEN 'unheaded'
      WHEN page.position > coalesce(head.base_position, 0) + 1 AND before.chain IS NULL THEN 'missing'
      WHEN NOT page."isTrue" THEN 'altered'
      WHEN page.previous_hash <> coalesce(before.hash, head.base_hash, ${ZEROS}) THEN 'unlinked'
      END AS problem
    FROM page LEFT JOIN audit_entry before
      ON before.chain = page.chain AND before.position = page.position - 1
    LEFT JOIN audit_head head ON head.chain = page.chain)
  SELECT count(*)::int AS entries,
    (SELECT json_build_object('chain', chain, 'position', position::text)
      FROM page ORDER BY chain DESC, position DESC LIMIT 1) AS last,
    json_agg(json_build_object('chain', chain, 'problem', problem,
      'position', CASE problem WHEN 'missing' THEN position - 1 ELSE position END)
      ORDER BY position) FILTER (WHERE problem IS NOT NULL) AS breaks
  FROM checked`;

/** Checks that each chain ends with the entry and position of its head. */
const HEADS = `
  WITH chain AS (
    SELECT chain FROM audit_head UNION SELECT chain FROM audit_entry),
  ends AS (
    SELECT chain.chain, coalesce(head.position, 0) AS head, head.hash AS sealed,
      coalesce(last.position, head.base_position, 0) AS position,
      coalesce(last.hash, head.base_hash) AS hash,
      head.base_position > 0 AND chain.chain NOT ${STRANGERS} AS "isCut"
    FROM chain LEFT JOIN audit_head head USING (chain)
    LEFT JOIN LATERAL (SELECT e.position, e.hash FROM audit_entry e
      WHERE e.chain = chain.chain ORDER BY e.position DESC LIMIT 1) last ON true)
  SELECT chain, count(*) OVER ()::int AS chains,
    (CASE WHEN "isCut" THEN 1 WHEN position = head THEN position
      ELSE least(position, head) + 1 END)::int AS position,
    CASE WHEN "isCut" OR position < head THEN 'missing' WHEN position > head THEN 'unheaded'
      WHEN hash IS DISTINCT FROM sealed THEN 'altered' END AS problem
  FROM ends`;

function firstOfEach(breaks: Break[]): BrokenChain[] {
  const first = new Map<string, Break>();
  for (const each of breaks) {
    const known = first.get(each.chain);
    if (!known || each.position < known.position) first.set(each.chain, each);
  }
  return [...first.values()].map(({ chain, position, problem }) => ({
    tenantId: chain.startsWith(NUMBERED) ? null : chain,
    chain,
    position,
    problem,
  }));
}
