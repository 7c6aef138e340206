import type { Statement } from '../core/database/read-path/pipelined-read.js';

/**
 * Locks the organisation in context until the unit of work ends, for decisions about how many of something it has.
 * Rows that refer to it can still be added. It is posted: what it answers is nobody's.
 */
export const LOCK_ORGANISATION: Statement = {
  name: 'lock-organisation',
  text: 'SELECT 1 FROM tenant WHERE id = app_tenant_id() FOR NO KEY UPDATE',
};

/** As `LOCK_ORGANISATION`, and waits for rows that are being added: people who join, keys, a sync of its customer. */
export const LOCK_ORGANISATION_ALONE: Statement = {
  name: 'lock-organisation-alone',
  text: 'SELECT 1 FROM tenant WHERE id = app_tenant_id() FOR UPDATE',
};
