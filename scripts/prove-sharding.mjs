/**
 * npm run prove:sharding: reads the catalogue and the plan of every statement that stands in the code, and prints
 * which tables can be distributed by organisation, what keeps others from it, and which statements ask all shards.
 */
import { prove } from './support/proof.mjs';

process.env.ATRIUM_TEST_ENGINE ??= 'embedded';
await prove('test/core/sharding.test.ts');
