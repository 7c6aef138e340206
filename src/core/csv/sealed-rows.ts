import { randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { currentContext } from '../context/request-context.js';
import { SecretBox } from '../crypto/secret-box.js';

/** A row as its form would send it, with its number in the file. */
export interface ImportedRow {
  number: number;
  values: Record<string, string>;
}

/** What a preview shows, to be confirmed. */
export interface PreviewedImport {
  id: string;
  fileName: string;
  rows: ImportedRow[];
}

interface Sealed extends PreviewedImport {
  /** Milliseconds since 1970. */
  until: number;
}

const LIFETIME = 3_600_000;

/**
 * Carries the rows of a preview through its form, encrypted and authenticated: nothing is stored before they are
 * confirmed, and what is confirmed is what was shown, to the same person, in the same organisation and list.
 */
@Injectable()
export class SealedRows {
  private readonly secretBox: SecretBox;

  constructor(config: AppConfig) {
    this.secretBox = new SecretBox(config.secret, 'imports of rows');
  }

  seal(feature: string, fileName: string, rows: ImportedRow[]): string {
    const sealed: Sealed = { id: randomUUID(), fileName, rows, until: Date.now() + LIFETIME };
    const plain = gzipSync(JSON.stringify(sealed));
    return this.secretBox.encrypt(plain, purpose(feature)).toString('base64url');
  }

  /** Null when forged, older than an hour, or another's. */
  open(feature: string, text: string): PreviewedImport | null {
    const plain = this.secretBox.decrypt(Buffer.from(text, 'base64url'), purpose(feature));
    if (!plain) return null;
    const { until, ...previewed } = JSON.parse(gunzipSync(plain).toString()) as Sealed;
    return Date.now() < until ? previewed : null;
  }
}

function purpose(feature: string): string {
  const { tenantId, actorId } = currentContext();
  return JSON.stringify([feature, tenantId, actorId]);
}
