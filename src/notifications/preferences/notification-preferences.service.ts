import { Injectable } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { notificationText } from '../../core/features/declared-texts.js';
import type { TextKey } from '../../core/i18n/text-keys.js';
import { channelsOf, DEFAULT_CHANNEL, kindsFor, type Channel } from './channels.js';
import { NotificationPreferencesRepository } from './notification-preferences.repository.js';

/** How a person is told of one kind, and what they can choose. */
export interface Preference {
  kind: string;
  icon: string;
  label: TextKey;
  channel: Channel;
  channels: readonly Channel[];
  /** Whether the feature of the kind mails it in any case. */
  isMailed: boolean;
}

@Injectable()
export class NotificationPreferences {
  constructor(
    private readonly preferences: NotificationPreferencesRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Of each kind the person may be told. */
  async of(me: Principal): Promise<Preference[]> {
    const chosen = await this.preferences.of(me.profileId);
    return kindsFor(me).map(([kind, declaration]) => {
      const channels = channelsOf(declaration);
      const channel = channels.find((each) => each === chosen[kind]) ?? DEFAULT_CHANNEL;
      const label = notificationText(kind, 'label')!;
      const isMailed = declaration.mail !== undefined;
      return { kind, icon: declaration.icon, label, channel, channels, isMailed };
    });
  }

  /** @throws DomainError `not_found` for a kind, `invalid` for a channel that this person cannot choose */
  async choose(me: Principal, choices: Readonly<Record<string, string>>): Promise<void> {
    const kinds = new Map(kindsFor(me));
    const channels = Object.entries(choices).map(([kind, chosen]) => {
      const declaration = kinds.get(kind);
      if (!declaration) throw new DomainError('not_found', 'errors.not_found');
      const channel = channelsOf(declaration).find((each) => each === chosen);
      if (!channel) throw new DomainError('invalid', 'validation.choice', { field: 'channel' });
      return [kind, channel] as const;
    });
    await this.unitOfWork.run(() =>
      this.preferences.choose(me.profileId, Object.fromEntries(channels)),
    );
  }
}
