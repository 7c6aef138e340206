/** What was asked cannot be done; nothing has been changed. One sentence that says what to do. */
export class Refused extends Error {}

/** A file does not hold the place where something belongs. Says what to write there by hand. */
export class MissingAnchor extends Refused {
  constructor(path, place, paste) {
    super(`${path}: ${place} is not there, so nothing was changed. Write this by hand:\n${paste}`);
  }
}
