/** A card that a feature contributes to another feature's page: `views/<view>.hbs` with its model. */
export class Card {
  constructor(
    readonly view: string,
    readonly model: object,
  ) {}
}

/** @param view a partial of the feature, `<feature>/partials/<name>` */
export function card(view: string, model: object = {}): Card {
  return new Card(view, model);
}
