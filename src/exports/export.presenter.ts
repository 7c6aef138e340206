import type { ExportRow } from './exports.repository.js';

/** An export as admins see it. */
export interface PresentedExport {
  id: string;
  state: 'pending' | 'running' | 'ready' | 'failed' | 'expired';
  isUnfinished: boolean;
  requestedBy: string;
  partsDone: number;
  partsTotal: number;
  rows: number;
  /** In kilobytes of 1,000 bytes, or megabytes. */
  size: { amount: number; unit: 'kilobyte' | 'megabyte' } | null;
  createdAt: Date;
  expiresAt: Date | null;
  downloadUrl: string | null;
}

export function presentExport(row: ExportRow): PresentedExport {
  const { id, requestedByName: requestedBy, rowsDone: rows, partsDone, partsTotal } = row;
  const state = row.isExpired ? 'expired' : row.state;
  return {
    id,
    state,
    isUnfinished: state === 'pending' || state === 'running',
    requestedBy,
    partsDone,
    partsTotal,
    rows,
    size: row.size === null ? null : sizeOf(Number(row.size)),
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    downloadUrl: state === 'ready' ? `/settings/data/${id}/download/` : null,
  };
}

function sizeOf(bytes: number): PresentedExport['size'] {
  if (bytes < 1_000_000)
    return { amount: Math.max(1, Math.round(bytes / 1_000)), unit: 'kilobyte' };
  return { amount: Math.round(bytes / 100_000) / 10, unit: 'megabyte' };
}
