import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AppConfig } from '../../config/config.js';
import { BoundedCache } from '../../utils/bounded-cache.js';
import { SecretBox } from '../../crypto/secret-box.js';
import { lastText } from './form.js';
import { typedFormOf, type TypedForm } from './typed-form.js';

interface Draft {
  form: TypedForm;
  /** Mark of the person whose page the form was on. */
  owner: string;
  /** Milliseconds since 1970. */
  until: number;
}

const PURPOSE = 'draft';
const LIFETIME = 3_600_000;

/**
 * What somebody typed while their session ended travels through the sign-in form, encrypted and
 * authenticated, and is given back to that same person only. Nothing is stored.
 */
@Injectable()
export class Drafts {
  private readonly seal: SecretBox;
  private readonly owners = new BoundedCache<string, string>(5_000);

  constructor(config: AppConfig) {
    this.seal = new SecretBox(config.secret, 'drafts of forms');
  }

  /** Stands in every form of a person's pages, and tells nobody who they are. */
  ownerMark(userId: string): string {
    const known = this.owners.get(userId);
    return known ?? this.owners.set(userId, this.seal.hmac(userId).toString('base64url'));
  }

  /** Null when the form was on nobody's page, or has nothing to keep. */
  pack(req: Request): string | null {
    const owner = lastText((req.body as { _owner?: unknown } | undefined)?._owner);
    const form = typedFormOf(req);
    if (!owner || !form) return null;
    const draft: Draft = { form, owner, until: Date.now() + LIFETIME };
    return this.seal.encrypt(Buffer.from(JSON.stringify(draft)), PURPOSE).toString('base64url');
  }

  /** Null when it is not of ours, too old, or somebody else's. */
  unpack(packed: string | undefined, userId: string): TypedForm | null {
    if (!packed) return null;
    const plain = this.seal.decrypt(Buffer.from(packed, 'base64url'), PURPOSE);
    if (!plain) return null;
    const { form, owner, until } = JSON.parse(plain.toString()) as Draft;
    return owner === this.ownerMark(userId) && Date.now() < until ? form : null;
  }
}
