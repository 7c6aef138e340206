import type { TestApp } from '../../support/app.js';
import { CLIENT_PROOFS, waitingClientFor } from './client-proofs.js';
import {
  comer,
  FACTORS,
  nowIn,
  prove,
  outcomeSince,
  PAGE,
  PASSKEY_PROOFS,
  PROOFS,
  waitingFor,
  WAYS_IN,
  type Factor,
  type Outcome,
  type ShownProof,
  type WayIn,
} from './ways-in.js';

/** What was tried, a line each, and what was found that must not be. */
export interface Proof {
  tried: string[];
  problems: string[];
}

/** Every way in, with and without a second factor, and what it leads to. */
export async function proveWaysIn(atrium: TestApp): Promise<Proof> {
  const proof: Proof = { tried: [], problems: [] };
  for (const way of WAYS_IN) {
    for (const factor of FACTORS) {
      const person = await comer(atrium, factor, way.isForNewcomers ? '' : 'Proof');
      if (way.isProven) await prove(atrium, person);
      const since = await nowIn(atrium);
      await way.go(atrium, person);
      const outcome = await outcomeSince(atrium, person.person.userId, since);
      note(proof, `${way.name} × ${factor}`, expectedOf(way, factor), outcome);
    }
  }
  return proof;
}

function expectedOf({ opens, factor, removesFactors }: WayIn, has: Factor): string {
  if (!opens || (factor && factor !== has)) return 'nothing';
  if (factor) return 'session, level 2';
  return has === 'no factor' || removesFactors ? 'session, level 1' : 'waits';
}

/** What opens a sign-in that waits. */
export async function proveProofs(atrium: TestApp): Promise<Proof> {
  const proof: Proof = { tried: [], problems: [] };
  await proveEach(atrium, proof, 'authenticator app', PROOFS);
  await proveEach(atrium, proof, 'passkey', PASSKEY_PROOFS);
  await proveEachOfClient(atrium, proof);
  return proof;
}

async function proveEachOfClient(atrium: TestApp, proof: Proof): Promise<void> {
  const person = await comer(atrium, 'passkey');
  for (const { name, opens, show } of CLIENT_PROOFS) {
    const token = await waitingClientFor(atrium, person);
    const shown = await show(person, token, atrium);
    const since = await nowIn(atrium);
    await atrium.api().post('/auth/second-factor', { token, ...shown });
    const outcome = await outcomeSince(atrium, person.person.userId, since);
    const expected = opens ? 'session, level 2' : 'nothing';
    note(proof, `waiting sign-in, API, passkey × ${name}`, expected, outcome);
  }
}

async function proveEach(
  atrium: TestApp,
  proof: Proof,
  factor: Factor,
  proofs: readonly ShownProof[],
): Promise<void> {
  const person = await comer(atrium, factor);
  for (const { name, opens, show } of proofs) {
    const browser = await waitingFor(atrium, person);
    const shown = await show(person, browser, atrium);
    const since = await nowIn(atrium);
    await browser.fill(PAGE, shown);
    const outcome = await outcomeSince(atrium, person.person.userId, since);
    const expected = opens ? 'session, level 2' : 'nothing';
    note(proof, `waiting sign-in, ${factor} × ${name}`, expected, outcome);
  }
}

/** Characters before the outcome. */
export const WIDTH = 84;

export function note(
  { tried, problems }: Proof,
  what: string,
  expected: string,
  outcome: Outcome,
): void {
  const came = inWords(outcome);
  tried.push(`${what.padEnd(WIDTH)}${came}`);
  if (came !== expected) problems.push(`${what}: ${came}, not ${expected}`);
}

function inWords({ sessions, waiting, assurance }: Outcome): string {
  if (sessions === 0) return waiting > 0 ? 'waits' : 'nothing';
  return sessions === 1 ? `session, level ${assurance}` : `${sessions} sessions`;
}
