import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { AppConfig } from '../../core/config/config.js';

/** A person waits for it. */
const TIMEOUT_MS = 2_000;
/** An answer has some 1,000 lines of 40 bytes; a longer one is none of such a service. */
const MAX_ANSWER = 1024 * 1024;

/**
 * Asks a service whether a password is known from a breach (ASVS 6.2.12), by the first five digits of its
 * SHA-1 only (k-anonymity), as https://haveibeenpwned.com/API/v3#PwnedPasswords describes. Only where
 * `BREACHED_PASSWORDS_URL` is set.
 */
@Injectable()
export class BreachedPasswords {
  private readonly log = new Logger('BreachedPasswords');

  constructor(private readonly config: AppConfig) {}

  /** Never throws and waits 2 s at most: where the service is down, the password counts as unknown. */
  async has(password: string): Promise<boolean> {
    const url = this.config.BREACHED_PASSWORDS_URL;
    if (!url) return false;
    const hash = createHash('sha1').update(password).digest('hex').toUpperCase();
    try {
      const lines = await this.range(url, hash.slice(0, 5));
      // `Add-Padding` adds lines with a count of 0, which say nothing.
      return lines.some((line) => line.startsWith(`${hash.slice(5)}:`) && !/:0\s*$/.test(line));
    } catch (error) {
      this.log.warn(
        `The service of breached passwords did not answer: ${(error as Error).message}`,
      );
      return false;
    }
  }

  private async range(url: string, prefix: string): Promise<string[]> {
    const response = await fetch(`${url.replace(/\/+$/, '')}/range/${prefix}`, {
      headers: { 'Add-Padding': 'true', 'User-Agent': 'Atrium' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const text = await response.text();
    if (text.length > MAX_ANSWER) throw new Error('the answer is too long');
    return text.toUpperCase().split('\n');
  }
}
