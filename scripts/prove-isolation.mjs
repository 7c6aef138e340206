/**
 * npm run prove:isolation: tries every table, operation, role and scope, and every route with the ids of
 * another organisation; then prints what was checked and what came of it, on each engine.
 */
import { prove } from './support/proof.mjs';

await prove('test/isolation');
