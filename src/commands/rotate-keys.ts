import { SigningKeys } from '../users/access-tokens/signing-keys.js';
import { withApplication } from './application.js';

/** `rotate-keys`: rotates the signing key; sessions stay signed in. */
export async function rotateKeys(): Promise<void> {
  await withApplication(async (app) => {
    const kid = await app.get(SigningKeys).rotate();
    console.log(`New access tokens are signed with the key ${kid}.`);
    console.log('Those signed before stay good until they expire; nobody is signed out.');
  });
}
