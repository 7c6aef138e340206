import { Injectable } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import type { CardSource } from '../core/features/feature.js';
import { card, type Card } from '../core/http/pages/card.js';

/** Whether logging in takes two steps, on the section "Security" of the profile. Asks the database nothing. */
@Injectable()
export class SecondFactorCard implements CardSource {
  card({ secondFactors }: Principal): Promise<Card> {
    return Promise.resolve(
      card('second-factor/partials/card', { hasFactor: secondFactors.length > 0 }),
    );
  }
}
