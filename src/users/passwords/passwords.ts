import { Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import commonPasswords from 'fxa-common-password-list';
import { AppConfig } from '../../core/config/config.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { brand } from '../../core/brand/brand.js';
import { BreachedPasswords } from './breached-passwords.js';
import { isDecoratedWord, letters } from './guessable.js';
import { Semaphore } from '../../core/utils/semaphore.js';
import { computationsAtOnce } from '../../core/utils/thread-pool.js';

/** bcrypt ignores further bytes; longer passwords are refused instead of cut. */
const MAX_BYTES = 72;
/** Fewer are refused everywhere; configuration can only ask for more. */
const MIN_CHARACTERS = 8;

/** Whose password it is to be. */
export interface PasswordOwner {
  email: string;
  /** Name of the person's organisation, where known. */
  organization?: string | null;
  hasSecondFactor?: boolean;
}

/**
 * Hashes, verifies and checks passwords. Bounds the number of concurrent bcrypt computations, so that other
 * requests are answered meanwhile.
 */
@Injectable()
export class Passwords {
  private readonly semaphore = new Semaphore(computationsAtOnce());
  /** Hash to compare with for unknown users, so that the response takes equally long. */
  private readonly decoy: Promise<string>;

  constructor(
    private readonly config: AppConfig,
    private readonly breaches: BreachedPasswords,
  ) {
    this.decoy = bcrypt.hash('nobody has this password', config.BCRYPT_COST);
  }

  hash(password: string): Promise<string> {
    return this.semaphore.run(() => bcrypt.hash(password, this.config.BCRYPT_COST));
  }

  /** Verifies a password in the same time whether or not there is a hash. */
  async verify(password: string, hash: string | null | undefined): Promise<boolean> {
    const comparable = Buffer.byteLength(password) <= MAX_BYTES && !password.includes('\0');
    const against = hash ?? (await this.decoy);
    const same = await this.semaphore.run(() =>
      bcrypt.compare(comparable ? password : '', against),
    );
    return same && comparable && Boolean(hash);
  }

  /** Whether a stored hash has a lower cost than configured. */
  isOutdated(hash: string): boolean {
    return bcrypt.getRounds(hash) < this.config.BCRYPT_COST;
  }

  /** The number of characters a new password must have. */
  minLength(hasSecondFactor = false): number {
    return hasSecondFactor
      ? this.config.PASSWORD_MIN_LENGTH_WITH_SECOND_FACTOR
      : this.config.PASSWORD_MIN_LENGTH;
  }

  /**
   * Checks a new password. Not inside a unit of work: it may ask another service.
   * @throws DomainError `invalid` on `field` with the first problem
   */
  async require(password: string, owner: PasswordOwner, field: string): Promise<void> {
    const { email, organization, hasSecondFactor } = owner;
    const min = this.minLength(hasSecondFactor);
    const problem =
      passwordProblem(password, email, organization, min) ??
      ((await this.breaches.has(password)) ? 'breached' : null);
    if (problem) {
      const args = { min, max: MAX_BYTES };
      throw new DomainError('invalid', `validation.password_${problem}`, { field, args });
    }
  }
}

type PasswordProblem =
  'too_short' | 'too_long' | 'numeric' | 'common' | 'guessable' | 'like_email' | 'unusable';

/**
 * The problem of a password, by NIST SP 800-63B-4 §3.1.1.2: length, a list of known passwords and context
 * words, no composition rules. `min`: characters. That it is known or easy to guess is said before that it
 * is shorter than `min`, since a longer one of the kind is no better. Takes a few milliseconds at most.
 */
export function passwordProblem(
  password: string,
  email: string,
  organization?: string | null,
  min = MIN_CHARACTERS,
): PasswordProblem | null {
  if (password.includes('\0')) return 'unusable';
  const { length } = [...password];
  if (length < MIN_CHARACTERS) return 'too_short';
  if (Buffer.byteLength(password) > MAX_BYTES) return 'too_long';
  if (/^\d+$/.test(password)) return 'numeric';
  if (isLikeEmail(password, email)) return 'like_email';
  if (commonPasswords.test(password.toLowerCase())) return 'common';
  if (isGuessable(password, email, organization ?? '')) return 'guessable';
  return length < min ? 'too_short' : null;
}

/** Whether it is little more than a known word or the name of the product, the organisation or the person. */
function isGuessable(password: string, email: string, organization: string): boolean {
  const words = [brand.name, organization, ...organization.split(/\s+/), ...email.split(/[@._+-]/)];
  return isDecoratedWord(password, words);
}

/** Whether it is the address, its local part, or the local part with few characters around it. */
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
