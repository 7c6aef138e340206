import { CurrentFeatureFlags } from '../../src/flags/current-feature-flags.js';
import type { TestApp } from './app.js';

/** Does the work while the flag is off for everybody. */
export async function withoutFlag(
  atrium: TestApp,
  flag: string,
  work: () => Promise<void>,
): Promise<void> {
  const flags = atrium.app.get(CurrentFeatureFlags);
  const off = `INSERT INTO feature_rollout (flag, percent, unit) VALUES ($1, 0, 'user')`;
  await atrium.sql(off, [flag]);
  await flags.reload();
  try {
    await work();
  } finally {
    await atrium.sql('DELETE FROM feature_rollout');
    await flags.reload();
  }
}
