import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Access } from '../access/access.js';
import { sendImage } from '../../storage/media.js';
import { ObjectStorage } from '../../storage/object-storage.js';

/** Serves uploaded images. Their URLs cannot be guessed and need no session, as mails show logos. */
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
