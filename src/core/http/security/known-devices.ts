import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AppConfig } from '../../config/config.js';
import { SecretBox } from '../../crypto/secret-box.js';
import { Cookies } from './cookies.js';
import { canonicalEmail } from '../../utils/email-address.js';

/** Accounts one browser is remembered for, the latest first. */
const ACCOUNTS = 5;
/** Browsers keep no cookie longer than 400 days (RFC 6265bis §5.5). */
const SECONDS = 400 * 24 * 3600;
const ID_BYTES = 16;
const MARK_BYTES = 16;

/**
 * Tells the browsers an account has signed in with from those of strangers, so that the tries of the one
 * are not counted with those of the others (OWASP, "device cookies"). The cookie is an id by chance and a
 * mark (HMAC) for each account; it names nobody, opens nothing, and without the secret nobody can make one.
 */
@Injectable()
export class KnownDevices {
  private readonly seal: SecretBox;

  constructor(
    private readonly cookies: Cookies,
    config: AppConfig,
  ) {
    this.seal = new SecretBox(config.secret, 'known devices');
  }

  /** Id of the browser where `account` (an e-mail address) has signed in with it before; else null. */
  idFor(req: Request, account: string): string | null {
    const { id, marks } = this.read(req);
    return id && marks.includes(this.markOf(id, account)) ? id : null;
  }

  /** Somebody has shown that the account is theirs: password, or a link in their mail. */
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
    const mark = this.seal.hmac(`${id} ${canonicalEmail(account)}`);
    return mark.subarray(0, MARK_BYTES).toString('base64url');
  }
}
