/**
 * npm run prove:signin: tries every way in, with and without a second factor, many at once, and all routes with
 * a sign-in that waits; then takes out one check after another, which has to be found. Prints the matrix, on
 * each engine.
 */
import { prove } from './support/proof.mjs';

// One file after another: many at once is part of it.
await prove('test/second-factor/proof', '--runInBand');
