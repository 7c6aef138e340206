import { BadRequestException, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access } from '../../core/http/access/access.js';
import { RawBody, readRawBody } from '../../core/http/api/raw-body.js';
import { NotificationsService } from './notifications.service.js';

/** Bytes; notifications of Stripe have some thousands. */
const MAX_NOTIFICATION = 256 * 1024;

/**
 * Where payment providers tell that something has changed. Nobody is signed in here: what counts is the
 * signature over the bytes. Whoever sends something else learns no more than that it was refused.
 */
@Controller('api/webhooks')
@Access('probe')
@ApiExcludeController()
export class WebhooksApiController {
  constructor(private readonly notifications: NotificationsService) {}

  @Post(':provider')
  @HttpCode(200)
  @RawBody()
  async receive(
    @Param('provider') provider: string,
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<{ received: true }> {
    const body = await readRawBody(req, res, MAX_NOTIFICATION);
    const outcome = await this.notifications.receive(provider, body, req.headers);
    if (outcome !== 'new' && outcome !== 'known') throw new BadRequestException();
    return { received: true };
  }
}
