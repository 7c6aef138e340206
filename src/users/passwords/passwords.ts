import { Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import commonPasswords from 'fxa-common-password-list';
import { AppConfig } from '../../core/config/config.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { SITE_NAME } from '../../core/http/pages/shell-builder.js';
import { isDecoratedWord, letters } from './guessable.js';
import { Semaphore } from '../../core/utils/semaphore.js';
import { computationsAtOnce } from '../../core/utils/thread-pool.js';

/** bcrypt reads no further; a longer password would be cut in silence. */
const MAX_BYTES = 72;
const MIN_CHARACTERS = 8;

/**
 * Hashing, checking and judging of passwords. bcrypt runs on the thread pool, no more of it at once than
 * lets other requests be answered meanwhile.
 */
@Injectable()
export class Passwords {
  private readonly semaphore = new Semaphore(computationsAtOnce());
  /** What an unknown user's password is compared with, so that the answer takes as long. */
  private readonly decoy: Promise<string>;

  constructor(private readonly config: AppConfig) {
    this.decoy = bcrypt.hash('nobody has this password', config.BCRYPT_COST);
  }

  hash(password: string): Promise<string> {
    return this.semaphore.run(() => bcrypt.hash(password, this.config.BCRYPT_COST));
  }

  /** Takes the same time whether or not there is a hash. */
  async verify(password: string, hash: string | null | undefined): Promise<boolean> {
    const comparable = Buffer.byteLength(password) <= MAX_BYTES && !password.includes('\0');
    const against = hash ?? (await this.decoy);
    const same = await this.semaphore.run(() =>
      bcrypt.compare(comparable ? password : '', against),
    );
    return same && comparable && Boolean(hash);
  }

  /** Whether a stored hash is cheaper to attack than today's configuration asks for. */
  isOutdated(hash: string): boolean {
    return bcrypt.getRounds(hash) < this.config.BCRYPT_COST;
  }

  /**
   * `organization`: the name of the person's organisation, where it is known.
   * @throws DomainError `invalid` on `field` with the first reason why this is no good password
   */
  require(password: string, email: string, field: string, organization?: string | null): void {
    const problem = passwordProblem(password, email, organization);
    if (problem) {
      const args = { min: MIN_CHARACTERS, max: MAX_BYTES };
      throw new DomainError('invalid', `validation.password_${problem}`, { field, args });
    }
  }
}

type PasswordProblem =
  'too_short' | 'too_long' | 'numeric' | 'common' | 'guessable' | 'like_email' | 'unusable';

/**
 * NIST SP 800-63B §5.1.1.2: length, a list of known ones and words of the context, no rules of
 * composition. Takes a few milliseconds at most, whatever is typed.
 */
export function passwordProblem(
  password: string,
  email: string,
  organization?: string | null,
): PasswordProblem | null {
  if (password.includes('\0')) return 'unusable';
  if ([...password].length < MIN_CHARACTERS) return 'too_short';
  if (Buffer.byteLength(password) > MAX_BYTES) return 'too_long';
  if (/^\d+$/.test(password)) return 'numeric';
  if (isLikeEmail(password, email)) return 'like_email';
  if (commonPasswords.test(password.toLowerCase())) return 'common';
  return isGuessable(password, email, organization ?? '') ? 'guessable' : null;
}

/** Little more than a known word, or than the name of the product, the organisation or the person. */
function isGuessable(password: string, email: string, organization: string): boolean {
  const words = [SITE_NAME, organization, ...organization.split(/\s+/), ...email.split(/[@._+-]/)];
  return isDecoratedWord(password, words);
}

/** The address, its name, or its name with a little before or after it. */
function isLikeEmail(password: string, email: string): boolean {
  const [local = '', domain = ''] = email.split('@');
  const given = letters(password);
  const parts = [email, local, domain, ...local.split(/[._+-]/)].map(letters);
  return parts.some(
    (part) =>
      Math.min(part.length, given.length) >= 4 &&
      (part.includes(given) || (given.includes(part) && given.length - part.length <= 4)),
  );
}
