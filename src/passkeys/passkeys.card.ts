import { Injectable } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import type { CardSource } from '../core/features/feature.js';
import { card, type Card } from '../core/http/pages/card.js';

/** Whether there are passkeys, on the section "Security" of the profile. Asks the database nothing. */
@Injectable()
export class PasskeysCard implements CardSource {
  card({ secondFactors }: Principal): Promise<Card> {
    const hasPasskeys = secondFactors.includes('passkey');
    return Promise.resolve(card('passkeys/partials/card', { hasPasskeys }));
  }
}
