import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AppConfig } from '../../config/config.js';
import { BoundedCache } from '../../utils/bounded-cache.js';
import { SecretBox } from '../../crypto/secret-box.js';
import { lastText } from './form.js';
import { typedFormOf, type TypedForm } from './typed-form.js';

interface Draft {
  form: TypedForm;
  /** Keyed hash of the person whose page contained the form. */
  owner: string;
  /** Milliseconds since 1970. */
  until: number;
}

const PURPOSE = 'draft';
const LIFETIME = 3_600_000;

/**
 * Carries the input of a form whose session ended through the sign-in form, encrypted and authenticated, and
 * restores it for the same person only. Nothing is stored. See ADR 49.
 */
@Injectable()
export class Drafts {
  private readonly secretBox: SecretBox;
  private readonly owners = new BoundedCache<string, string>(5_000);

  constructor(config: AppConfig) {
    this.secretBox = new SecretBox(config.secret, 'drafts of forms');
  }

  /** Keyed hash of the user's id, part of every form on a person's pages. */
  ownerMark(userId: string): string {
    const known = this.owners.get(userId);
    return known ?? this.owners.set(userId, this.secretBox.hmac(userId).toString('base64url'));
  }

  /** Packs the form; null when its page belonged to nobody, or it has nothing to keep. */
  pack(req: Request): string | null {
    const owner = lastText((req.body as { _owner?: unknown } | undefined)?._owner);
    const form = typedFormOf(req);
    if (!owner || !form) return null;
    const draft: Draft = { form, owner, until: Date.now() + LIFETIME };
    return this.secretBox
      .encrypt(Buffer.from(JSON.stringify(draft)), PURPOSE)
      .toString('base64url');
  }

  /** Unpacks a draft; null when forged, older than an hour, or of another person. */
  unpack(packed: string | undefined, userId: string): TypedForm | null {
    if (!packed) return null;
    const plain = this.secretBox.decrypt(Buffer.from(packed, 'base64url'), PURPOSE);
    if (!plain) return null;
    const { form, owner, until } = JSON.parse(plain.toString()) as Draft;
    return owner === this.ownerMark(userId) && Date.now() < until ? form : null;
  }
}
