import { Controller, Get, HttpException, HttpStatus, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../../core/context/principal.js';
import { Access } from '../../core/http/access/access.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { LiveNotifications, type BellState } from './live-notifications.service.js';

/** Proxies close connections on which nothing is sent, usually after a minute. */
const HEARTBEAT_MS = 25_000;

/** Then the page connects anew, perhaps to another process: a long one would hold up what is being replaced. */
const LONGEST_MS = 15 * 60_000;

/** Time after which a page whose connection was lost connects anew, in ms. */
const RETRY_MS = 3_000;

/** Server-sent events of the bell (WHATWG HTML §9.2). Opening a stream is no use of the session. */
@Controller('notifications/stream')
@Access('self')
export class NotificationStreamController {
  constructor(private readonly live: LiveNotifications) {}

  @Get()
  open(@CurrentUser() me: Principal, @Req() req: Request, @Res() res: Response): void {
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
    const leave = this.live.join(me, { send, end: () => res.end() });
    if (!leave) {
      // A page that is answered so does not ask again.
      res.status(HttpStatus.NO_CONTENT).end();
      return;
    }
    write(`retry: ${RETRY_MS}`);
    send(this.live.stateOf(me));
    const heartbeat = setInterval(() => write(':'), HEARTBEAT_MS).unref();
    const longest = setTimeout(() => res.end(), LONGEST_MS).unref();
    res.once('close', () => {
      clearInterval(heartbeat);
      clearTimeout(longest);
      leave();
    });
  }
}
