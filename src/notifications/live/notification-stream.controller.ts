import { Controller, Get, HttpException, HttpStatus, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { currentContext } from '../../core/context/request-context.js';
import { Access } from '../../core/http/access/access.js';
import { LiveNotifications, type BellState } from './live-notifications.service.js';

/** Proxies close connections on which nothing is sent, usually after a minute. */
const HEARTBEAT_MS = 25_000;

/** Then the page connects anew, perhaps to another process: a long one would hold up what is being replaced. */
const LONGEST_MS = 15 * 60_000;

/** Time after which a page whose connection was lost connects anew, in ms. */
const RETRY_MS = 3_000;

/**
 * Server-sent events of the bell (WHATWG HTML §9.2). Opening a stream is no use of the session. A page whose session has
 * ended, or that is one too many, is answered 204 and does not ask again.
 */
@Controller('notifications/stream')
@Access('public')
export class NotificationStreamController {
  constructor(private readonly live: LiveNotifications) {}

  @Get()
  open(@Req() req: Request, @Res() res: Response): void {
    if (req.get('accept') !== 'text/event-stream') {
      throw new HttpException('This is a stream of events', HttpStatus.NOT_ACCEPTABLE);
    }
    const write = (text: string) => {
      if (!res.writableEnded) res.write(`${text}\n\n`);
    };
    const send = (state: BellState) => write(`data: ${JSON.stringify(state)}`);
    res.set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      // Proxies such as nginx would collect it.
      'X-Accel-Buffering': 'no',
    });
    const { principal } = currentContext();
    const isMember = principal?.tenantId && principal.profileActive;
    const leave = isMember ? this.live.join(principal, { send, end: () => res.end() }) : null;
    if (!isMember || !leave) {
      res.status(HttpStatus.NO_CONTENT).end();
      return;
    }
    write(`retry: ${RETRY_MS}`);
    send(this.live.stateOf(principal));
    const heartbeat = setInterval(() => write(':'), HEARTBEAT_MS).unref();
    const longest = setTimeout(() => res.end(), LONGEST_MS).unref();
    res.once('close', () => {
      clearInterval(heartbeat);
      clearTimeout(longest);
      leave();
    });
  }
}
