import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Access } from '../access/access.js';
import { sendImage } from '../../storage/media.js';
import { ObjectStorage } from '../../storage/object-storage.js';

/** Pictures people uploaded. Their addresses cannot be guessed, and a mail must be able to show a logo. */
@Controller('media')
@Access('probe')
export class MediaController {
  constructor(private readonly storage: ObjectStorage) {}

  @Get(':kind/:name')
  show(
    @Param('kind') kind: string,
    @Param('name') name: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    return sendImage(this.storage, `${kind}/${name}`, req, res);
  }
}
