import type { Page } from '../pipeline/answers.js';

/** Somebody sent a form after their session had ended: the page to sign in on, with what was typed. */
export class SignInRequired extends Error {
  constructor(readonly page: Page) {
    super('Nobody is signed in');
  }
}
