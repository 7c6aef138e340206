/**
 * npm run prove:billing: tries what payment providers, people and clocks do to billing, in every order, cut off
 * at every step and at once; then prints what was tried and what came of it, on each engine.
 * ATRIUM_PROOF_SECONDS says how long orders are tried (60), ATRIUM_PROOF_SEED which ones.
 */
import { prove } from './support/proof.mjs';

// One file after another: what is measured has the machine to itself.
await prove('test/billing/proof', '--runInBand');
