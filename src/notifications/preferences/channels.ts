import type { Principal } from '../../core/context/principal.js';
import type { NotificationDeclaration } from '../../core/features/notification.js';
import { merged } from '../../core/features/registry.js';

/** How a kind is told: in the app, there and by mail at once, there and in the daily digest, or not at all. */
export const CHANNELS = ['app', 'mail', 'digest', 'off'] as const;
export type Channel = (typeof CHANNELS)[number];

/** How everything is told to who has chosen nothing. */
export const DEFAULT_CHANNEL: Channel = 'app';

/** What can be chosen for a kind that its feature mails itself: the mail comes anyway, and no second one. */
const BESIDE_MAIL: readonly Channel[] = ['app', 'off'];

export function channelsOf({ mail }: NotificationDeclaration): readonly Channel[] {
  return mail === undefined ? CHANNELS : BESIDE_MAIL;
}

/** The kinds that this person may be told, in the order of their features. */
export function kindsFor({
  role,
}: Pick<Principal, 'role'>): Array<[string, NotificationDeclaration]> {
  return [...merged('notifications')].filter(
    ([, { audience }]) => audience !== 'admin' || role === 'admin',
  );
}
