import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AppConfig } from '../../config/config.js';
import { SecretBox } from '../../crypto/secret-box.js';
import { Cookies } from './cookies.js';
import { canonicalEmail } from '../../utils/email-address.js';

/** Maximum number of accounts per browser, latest first. */
const ACCOUNTS = 5;
/** Browsers keep no cookie longer than 400 days (RFC 6265bis §5.5). */
const SECONDS = 400 * 24 * 3600;
const ID_BYTES = 16;
const MARK_BYTES = 16;

/**
 * Recognises browsers that have signed in to an account, so that their attempts are counted apart from those
 * of strangers (OWASP, "device cookies"). The cookie holds a random id and an HMAC per account; it names
 * nobody and grants nothing. See ADR 42.
 */
@Injectable()
export class KnownDevices {
  private readonly secretBox: SecretBox;

  constructor(
    private readonly cookies: Cookies,
    config: AppConfig,
  ) {
    this.secretBox = new SecretBox(config.secret, 'known devices');
  }

  /** Id of the browser if it has signed in to `account` (an e-mail address) before; else null. */
  idFor(req: Request, account: string): string | null {
    const { id, marks } = this.read(req);
    return id && marks.includes(this.markOf(id, account)) ? id : null;
  }

  /** Called after a person proved that the account is theirs, by password or mailed link. */
  remember(res: Response, account: string): void {
    const { id = randomBytes(ID_BYTES).toString('base64url'), marks } = this.read(res.req);
    const mark = this.markOf(id, account);
    const known = [mark, ...marks.filter((each) => each !== mark)].slice(0, ACCOUNTS);
    this.cookies.write(res, 'device', [id, ...known].join('.'), SECONDS);
  }

  private read(req: Request): { id?: string; marks: string[] } {
    const [id, ...marks] = (this.cookies.read(req, 'device') ?? '').split('.');
    if (!id || !/^[\w-]{22}$/.test(id)) return { marks: [] };
    return { id, marks: marks.filter((mark) => /^[\w-]{22}$/.test(mark)).slice(0, ACCOUNTS) };
  }

  private markOf(id: string, account: string): string {
    const mark = this.secretBox.hmac(`${id} ${canonicalEmail(account)}`);
    return mark.subarray(0, MARK_BYTES).toString('base64url');
  }
}
