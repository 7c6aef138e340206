import { Controller, Get, Header } from '@nestjs/common';
import { Access } from '../access/access.js';
import { Tagged } from '../pipeline/etag.js';
import { ApiDocument } from './api-document.js';

/** Serves the API's document. */
@Controller('api')
@Access('probe')
export class ApiDocumentController {
  constructor(private readonly document: ApiDocument) {}

  @Get('openapi.json')
  @Header('Cache-Control', 'public, max-age=300')
  @Tagged()
  json(): object {
    return this.document.json;
  }
}
