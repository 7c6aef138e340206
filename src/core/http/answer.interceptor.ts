import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { mergeMap, type Observable } from 'rxjs';
import { Page, Redirect } from './answers.js';
import { Flashes } from './flash.js';
import { PageRenderer } from './page-renderer.js';

/** Sends what a page handler returned: a page, or a redirect. Everything else passes as it is. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(
    private readonly pages: PageRenderer,
    private readonly flashes: Flashes,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const req = http.getRequest<Request>();
    const res = http.getResponse<Response>();
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        if (answer instanceof Page) return this.pages.render(req, res, answer);
        if (answer instanceof Redirect) return redirect(res, answer, this.flashes);
        return answer;
      }),
    );
  }
}

/** Puts a redirect into the response and returns its (empty) body. */
export function redirect(res: Response, answer: Redirect, flashes: Flashes): string {
  if (answer.flash) flashes.leave(res, answer.flash);
  res.status(answer.status).location(answer.location);
  res.setHeader('Cache-Control', 'no-store');
  return '';
}
