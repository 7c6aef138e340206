import type { TestApp } from '../../support/app.js';
import { eventually } from '../../support/waiting.js';
import { Organisation, travel, type Standing } from '../organisation.js';
import type { Proof } from './print.js';

const DAY = 86_400_000;

/** From the trial to the plan Free, by the clock of the provider, and what may be done after each step. */
export async function proveClockStory(atrium: TestApp): Promise<Proof> {
  const org = await Organisation.make(atrium, 'Clock');
  const { browser } = org.admin;
  const tried: string[] = [];
  const problems: string[] = [];

  const step = async (
    what: string,
    act: () => Promise<unknown>,
    state: string,
    may: { write: boolean; until?: (at: Date | null) => boolean },
  ) => {
    await act();
    const { until = (at) => at === null } = may;
    const isSo = (seen: Standing) => seen.access_state === state && until(seen.access_until);
    await eventually(async () => isSo(await org.standing()), 10).catch(() => undefined);
    const seen = await org.standing();
    const made = await browser.fill('/projects/new/', { name: what });
    // The plan Free has room for a few only, and this is about something else.
    await atrium.sql('DELETE FROM project WHERE tenant_id = $1', [org.tenantId]);
    const read = await browser.visit('/projects/');
    tried.push(
      `${what}: ${seen.access_state}, ${seen.plan_key ?? 'free'}, writing is answered with ${made.status}`,
    );
    if (!isSo(seen)) problems.push(`${what}: ${JSON.stringify(seen)}`);
    if (made.status !== (may.write ? 303 : 402)) problems.push(`${what}: writing ${made.status}`);
    if (read.status !== 200) problems.push(`${what}: reading ${read.status}`);
  };

  const nothing = () => Promise.resolve();
  const inDays = (days: number) => (at: Date | null) =>
    at !== null && Math.abs(+at - Date.now() - days * DAY) < DAY / 4;
  const free = { write: true };
  await step('nothing was bought', nothing, 'free', free);
  await step('a trial with a card that will fail', () => org.subscribe('failing'), 'trial', free);
  await step('the trial ends and the card fails', () => travel(atrium, 14.1), 'grace', {
    ...{ write: true, until: inDays(13.9) },
  });
  await step('the grace is over', () => travel(atrium, 14), 'grace', {
    ...{ write: false, until: inDays(-0.1) },
  });
  await step('another card pays', () => org.card('good'), 'full', free);
  await step('it is renewed', () => travel(atrium, 31), 'full', free);
  const cancel = () => org.billing((billing, me) => billing.cancel(me));
  await step('it is cancelled, and lasts until its end', cancel, 'full', free);
  await step('the period ends', () => travel(atrium, 32), 'free', free);

  const trail = await atrium.sql<{ to: string }>(
    `SELECT changes->'access_state'->>'to' AS "to" FROM audit_entry
     WHERE tenant_id = $1 AND action = 'subscription.changed' AND changes ? 'access_state'
     ORDER BY position`,
    [org.tenantId],
  );
  const told = trail.map(({ to }) => to).join(', ');
  tried.push(`the audit trail tells: ${told}`);
  if (told !== 'trial, grace, full, free') problems.push(`the audit trail tells: ${told}`);
  return { tried, problems };
}
