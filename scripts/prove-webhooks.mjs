/**
 * npm run prove:webhooks: kills the worker five times (SIGKILL) while it delivers 10,000 events, and says what was
 * lost and what came twice. It needs a PostgreSQL server: the embedded engine lives in the process.
 */
import { prove } from './support/proof.mjs';

process.env.ATRIUM_TEST_ENGINE ??= 'server';
await prove('test/webhooks/proof', '--runInBand');
