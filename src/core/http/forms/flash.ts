import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Translator } from '../../i18n/translator.js';
import type { Flash } from '../../views/shell.js';
import type { FlashMessage } from '../pipeline/answers.js';
import { Cookies } from '../security/cookies.js';

/**
 * A one-time message for the next page, stored in a cookie as a translation key: no database write, and it
 * works without a session (ADR 5).
 */
@Injectable()
export class Flashes {
  constructor(
    private readonly cookies: Cookies,
    private readonly texts: Translator,
  ) {}

  set(res: Response, flash: FlashMessage): void {
    const value = Buffer.from(JSON.stringify(flash)).toString('base64url');
    this.cookies.write(res, 'flash', value, 60);
  }

  /** Returns the messages in the language of this page and deletes the cookie. */
  consume(req: Request, res: Response): Flash[] {
    const value = this.cookies.read(req, 'flash');
    if (!value) return [];
    this.cookies.clear(res, 'flash');
    const flash = parse(value);
    if (!flash) return [];
    const text = this.texts.t(flash.key, flash.args);
    return text === flash.key ? [] : [{ kind: flash.kind, text, undo: undoOf(flash) }];
  }
}

const KINDS = new Set(['success', 'info', 'warning', 'error']);

/** Parses the cookie; null for anything that is not a valid message. */
function parse(value: string): FlashMessage | null {
  try {
    const flash = JSON.parse(Buffer.from(value, 'base64url').toString()) as FlashMessage;
    const isKey = typeof flash?.key === 'string' && /^[a-z-]+(\.[a-z_-]+)+$/.test(flash.key);
    return isKey && KINDS.has(flash.kind) ? flash : null;
  } catch {
    return null;
  }
}

/** The undo of the message, only if it is of a route that takes something back. */
function undoOf({ undo }: FlashMessage): Flash['undo'] {
  const { path, fields } = typeof undo === 'string' ? { path: undo, fields: {} } : { ...undo };
  if (typeof path !== 'string' || !/^(\/[a-z0-9-]+)+\/(restore|undo)\/$/.test(path)) return null;
  const texts = Object.entries(fields ?? {}).filter(
    ([name, value]) => /^[a-z_]+$/.test(name) && typeof value === 'string',
  );
  return { path, fields: texts.map(([name, value]) => ({ name, value })) };
}
