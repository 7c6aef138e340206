import type { TestApp } from '../../support/app.js';
import {
  comer,
  nowIn,
  prove,
  outcomeSince,
  PAGE,
  PROOFS,
  waitingFor,
  WAYS_IN,
  type Outcome,
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
    for (const hasApp of [false, true]) {
      const person = await comer(atrium, hasApp, way.isForNewcomers ? '' : 'Proof');
      if (way.isProven) await prove(atrium, person);
      const since = await nowIn(atrium);
      await way.go(atrium, person);
      const outcome = await outcomeSince(atrium, person.person.userId, since);
      const isAsked = hasApp && !way.removesFactors;
      const expected = !way.opens ? 'nothing' : isAsked ? 'waits' : 'session, level 1';
      note(proof, `${way.name} × ${hasApp ? 'authenticator app' : 'no factor'}`, expected, outcome);
    }
  }
  return proof;
}

/** What opens a sign-in that waits. */
export async function proveProofs(atrium: TestApp): Promise<Proof> {
  const proof: Proof = { tried: [], problems: [] };
  const person = await comer(atrium, true);
  for (const { name, opens, show } of PROOFS) {
    const browser = await waitingFor(atrium, person);
    const since = await nowIn(atrium);
    await browser.fill(PAGE, await show(person));
    const outcome = await outcomeSince(atrium, person.person.userId, since);
    note(proof, `waiting sign-in × ${name}`, opens ? 'session, level 2' : 'nothing', outcome);
  }
  return proof;
}

function note({ tried, problems }: Proof, what: string, expected: string, outcome: Outcome): void {
  const came = inWords(outcome);
  tried.push(`${what.padEnd(68)}${came}`);
  if (came !== expected) problems.push(`${what}: ${came}, not ${expected}`);
}

function inWords({ sessions, waiting, assurance }: Outcome): string {
  if (sessions === 0) return waiting > 0 ? 'waits' : 'nothing';
  return sessions === 1 ? `session, level ${assurance}` : `${sessions} sessions`;
}
