import { canonicalEmail, isEmailAddress } from '../core/utils/email-address.js';
import { UsageError } from '../exit-on-error.js';
import { FactorReset } from '../users/second-factors/factor-reset.service.js';
import { withApplication } from './application.js';

/** `reset-second-factor <email>`: for whoever lost every factor, once you know that it is them. */
export async function resetSecondFactor([address]: string[]): Promise<void> {
  const email = address && canonicalEmail(address);
  if (!email || !isEmailAddress(email)) {
    throw new UsageError('Give the e-mail address: npm run atrium -- reset-second-factor <email>');
  }
  await withApplication(async (app) => {
    await app.get(FactorReset).resetByEmail(email);
    console.log(`${email} has no second factor any more, and is signed out everywhere.`);
  });
}
