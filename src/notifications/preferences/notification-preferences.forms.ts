import { ChoiceField, ChoicesField } from '../../core/http/forms/fields.js';
import { merged } from '../../core/features/registry.js';
import { CHANNELS, channelsOf, type Channel } from './channels.js';

/** `POST /profile/notifications/`: for each kind how it is told, `<kind>=<channel>`. */
export class NotificationPreferencesForm {
  @ChoicesField(allChoices) choices: string[] = [];
}

/** Body of a PATCH. */
export class NotificationPreferencePatch {
  @ChoiceField(CHANNELS) channel: Channel;
}

export function choicesOf({ choices }: NotificationPreferencesForm): Record<string, string> {
  const chosen = choices.map((choice) => choice.split('=') as [kind: string, channel: string]);
  return Object.fromEntries(chosen);
}

function allChoices(): string[] {
  return [...merged('notifications')].flatMap(([kind, declaration]) =>
    channelsOf(declaration).map((channel) => `${kind}=${channel}`),
  );
}
