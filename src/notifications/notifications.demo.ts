import type { Deed, DemoStory } from '../core/features/demo.js';
import type { NotificationKind } from '../core/features/names.js';

interface DemoNotification extends Deed {
  kind: NotificationKind;
  data: Readonly<Record<string, unknown>>;
  isRead?: true;
}

/** Tells the admin of the demo organisation what happened. */
export function tell(story: DemoStory): void {
  for (const { kind, data, isRead, ...deed } of NOTIFICATIONS) {
    story.row('notification', {
      tenant_id: story.tenantId,
      member_id: story.memberId('emma'),
      kind,
      data,
      read_at: isRead ? story.at(deed.when) : null,
      ...story.stamps(deed),
    });
  }
}

const NOTIFICATIONS: DemoNotification[] = [
  { when: [0.04], by: 'emma', kind: 'sign_in.new_device', data: { device: 'Safari, iOS' } },
  { when: [2, '09:12'], by: 'emma', kind: 'export.ready', data: { days: 7 } },
  { when: [12, '09:40'], by: 'karim', kind: 'member.joined', data: { name: 'Karim El Amrani' } },
  {
    when: [23, '12:20'],
    by: 'sofia',
    kind: 'member.joined',
    data: { name: 'Sofia Rossi' },
    isRead: true,
  },
  {
    when: [37, '10:02'],
    by: 'bram',
    kind: 'member.joined',
    data: { name: 'Bram De Smet' },
    isRead: true,
  },
];
