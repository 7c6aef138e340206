import type { DemoStory } from '../core/features/demo.js';
import { merged } from '../core/features/registry.js';

/** Everything is allowed to the demo organisation, as if staff had decided so: it is larger than the plan Free. */
export function tell(story: DemoStory): void {
  const amounts: Array<[string, number | null]> = [
    ...[...merged('limits').keys()].map((name): [string, null] => [name, null]),
    ...[...merged('entitlements').keys()].map((name): [string, number] => [name, 1]),
  ];
  for (const [entitlement, amount] of amounts) {
    const reason = 'Demonstration';
    story.row('entitlement_override', { tenant_id: story.tenantId, entitlement, amount, reason });
  }
  const overrides = amounts.map(([name, amount]) => [name, { amount, until: null }] as const);
  story.organisation({ entitlement_overrides: JSON.stringify(Object.fromEntries(overrides)) });
}
