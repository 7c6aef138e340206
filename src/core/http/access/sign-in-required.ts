import type { Page } from '../pipeline/answers.js';

/** A form was sent after its session had ended: answered with the login page and what was typed. */
export class SignInRequired extends Error {
  constructor(readonly page: Page) {
    super('Nobody is signed in');
  }
}
