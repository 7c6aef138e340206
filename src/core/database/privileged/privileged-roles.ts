import { auditRole } from './audit.role.js';
import { billingRole } from './billing.role.js';
import { erasureRole } from './erasure.role.js';
import { flagsRole } from './flags.role.js';
import { idempotencyRole } from './idempotency.role.js';
import { identityRole } from './identity.role.js';
import { notificationsRole } from './notifications.role.js';
import { outboxRole } from './outbox.role.js';
import { retentionRole } from './retention.role.js';
import { samplesRole } from './samples.role.js';
import { scheduleRole } from './schedule.role.js';
import { staffRole } from './staff.role.js';
import { webhooksRole } from './webhooks.role.js';
import type { PrivilegedRole } from './privileged-role.js';

/** All privileged roles, for the proof that each reaches what is granted and no more. */
export const PRIVILEGED_ROLES: readonly PrivilegedRole[] = [
  identityRole,
  outboxRole,
  idempotencyRole,
  auditRole,
  flagsRole,
  staffRole,
  retentionRole,
  billingRole,
  webhooksRole,
  notificationsRole,
  erasureRole,
  scheduleRole,
  samplesRole,
];
