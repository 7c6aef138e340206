import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { brand } from '../../brand/brand.js';
import { projectPath } from '../../config/project-path.js';
import { DomainError } from '../../errors/domain-error.js';
import { Access } from '../access/access.js';
import { Tagged } from '../pipeline/etag.js';
import { ApiDocument } from './api-document.js';

/** The folder of the Swagger UI that @nestjs/swagger depends on. */
const swaggerUi = dirname(
  createRequire(projectPath('package.json')).resolve('swagger-ui-dist/package.json'),
);
const FILES = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']);

/** Serves the API's document and a page to read and try it, with assets from this host only. */
@Controller('api')
@Access('probe')
export class DocsController {
  constructor(private readonly document: ApiDocument) {}

  @Get('openapi.json')
  @Header('Cache-Control', 'public, max-age=300')
  @Tagged()
  json(): object {
    return this.document.json;
  }

  @Get('docs')
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): string {
    return PAGE;
  }

  @Get('docs/start.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  script(): string {
    return SCRIPT;
  }

  @Get('docs/:file')
  file(@Param('file') file: string, @Res() res: Response): void {
    if (!FILES.has(file)) throw new DomainError('not_found', 'errors.not_found');
    res.setHeader('Cache-Control', 'public, max-age=86400');
    res.sendFile(file, { root: swaggerUi, cacheControl: false });
  }
}

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${brand.name} API</title>
    <link rel="icon" href="/api/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/api/docs/swagger-ui.css">
  </head>
  <body>
    <main id="api"></main>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
`;

const SCRIPT = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null });
`;
