import { StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Response } from 'express';
import { Page, Redirect } from './answers.js';
import { Versioned, etagOf, isTagged } from './etag.js';
import type { Flashes } from '../forms/flash.js';
import type { PageRenderer } from '../pages/page-renderer.js';
import { utf8 } from './utf8.js';

/**
 * Sends what a handler returned: a page, a redirect, or JSON with its entity tag. Not an interceptor, since
 * interceptors make every request a chain of observables, which costs more than the rest of the framework.
 */
export class AnswerAdapter extends ExpressAdapter {
  private pages?: PageRenderer;
  private flashes?: Flashes;

  /** Sets the renderer of pages and the store of flash messages. */
  sendsWith(pages: PageRenderer, flashes: Flashes): void {
    this.pages = pages;
    this.flashes = flashes;
  }

  override reply(res: Response, answer: unknown, status?: number): unknown {
    if (answer instanceof Page) return this.page(res, answer);
    if (answer instanceof Redirect) return res.end(redirect(res, answer, this.flashes!));
    if (answer instanceof Versioned) {
      return super.reply(res, tagged(res, answer.body as object, answer.version), status);
    }
    if (isJson(answer) && isTagged(res)) {
      return super.reply(res, tagged(res, answer), status);
    }
    return super.reply(res, answer, status);
  }

  private async page(res: Response, page: Page): Promise<void> {
    const html = utf8(await this.pages!.render(res.req, res, page));
    if (isTagged(res) && mayBeStored(res)) {
      res.setHeader('ETag', etagOf(html));
      if (res.req.fresh) return void res.status(304).end();
    }
    res.setHeader('Content-Length', html.length);
    res.end(html);
  }
}

/** Pages of whoever is signed in are kept nowhere: a tag would be of no use. */
function mayBeStored(res: Response): boolean {
  return res.statusCode === 200 && res.getHeader('Cache-Control') !== 'no-store';
}

function isJson(answer: unknown): answer is object {
  return typeof answer === 'object' && answer !== null && !(answer instanceof StreamableFile);
}

/** Serialises a JSON answer and sets its headers. */
function tagged(res: Response, answer: object, version?: number): string {
  const text = JSON.stringify(answer);
  res.setHeader('ETag', etagOf(text, version));
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  return text;
}

/** Sets redirect headers and returns an empty body. */
export function redirect(res: Response, answer: Redirect, flashes: Flashes): string {
  if (answer.flash) flashes.set(res, answer.flash);
  res.status(answer.status).location(answer.location);
  res.setHeader('Cache-Control', 'no-store');
  return '';
}
