import { Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import commonPasswords from 'fxa-common-password-list';
import { AppConfig } from '../core/config/config.js';
import { DomainError } from '../core/errors/domain-error.js';
import { limited } from './limited.js';
import { computationsAtOnce } from './thread-pool.js';

/** bcrypt reads no further; a longer password would be cut in silence. */
const MAX_BYTES = 72;
const MIN_CHARACTERS = 8;

/**
 * Hashing, checking and judging of passwords. bcrypt runs on the thread pool, no more of it at once than
 * lets other requests be answered meanwhile.
 */
@Injectable()
export class Passwords {
  private readonly atOnce = limited(computationsAtOnce());
  /** What an unknown user's password is compared with, so that the answer takes as long. */
  private readonly decoy: Promise<string>;

  constructor(private readonly config: AppConfig) {
    this.decoy = bcrypt.hash('nobody has this password', config.BCRYPT_COST);
  }

  hash(password: string): Promise<string> {
    return this.atOnce(() => bcrypt.hash(password, this.config.BCRYPT_COST));
  }

  /** Takes the same time whether or not there is a hash. */
  async verify(password: string, hash: string | null | undefined): Promise<boolean> {
    const comparable = Buffer.byteLength(password) <= MAX_BYTES && !password.includes('\0');
    const against = hash ?? (await this.decoy);
    const same = await this.atOnce(() => bcrypt.compare(comparable ? password : '', against));
    return same && comparable && Boolean(hash);
  }

  /** Whether a stored hash is cheaper to attack than today's configuration asks for. */
  isOutdated(hash: string): boolean {
    return bcrypt.getRounds(hash) < this.config.BCRYPT_COST;
  }

  /** @throws DomainError `invalid` on `field` with the first reason why this is no good password */
  require(password: string, email: string, field: string): void {
    const problem = passwordProblem(password, email);
    if (problem) {
      const args = { min: MIN_CHARACTERS, max: MAX_BYTES };
      throw new DomainError('invalid', `validation.password_${problem}`, { field, args });
    }
  }
}

type PasswordProblem = 'too_short' | 'too_long' | 'numeric' | 'common' | 'like_email' | 'unusable';

/** NIST SP 800-63B §5.1.1.2: length and a list of known ones, no rules of composition. */
export function passwordProblem(password: string, email: string): PasswordProblem | null {
  if (password.includes('\0')) return 'unusable';
  if ([...password].length < MIN_CHARACTERS) return 'too_short';
  if (Buffer.byteLength(password) > MAX_BYTES) return 'too_long';
  if (/^\d+$/.test(password)) return 'numeric';
  if (isLikeEmail(password, email)) return 'like_email';
  return commonPasswords.test(password.toLowerCase()) ? 'common' : null;
}

/** The address, its name, or its name with a little before or after it. */
function isLikeEmail(password: string, email: string): boolean {
  const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const [local = '', domain = ''] = email.split('@');
  const given = letters(password);
  const parts = [email, local, domain, ...local.split(/[._+-]/)].map(letters);
  return parts.some(
    (part) =>
      Math.min(part.length, given.length) >= 4 &&
      (part.includes(given) || (given.includes(part) && given.length - part.length <= 4)),
  );
}
