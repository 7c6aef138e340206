import { timingSafeEqual } from 'node:crypto';
import {
  Controller,
  Get,
  NotFoundException,
  Req,
  Res,
  UnauthorizedException,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { AppConfig } from '../core/config/config.js';
import { Access } from '../core/http/access/access.js';
import { Metrics } from '../core/telemetry/metrics.js';

/** Prometheus metrics on the application's port, for bearers of METRICS_TOKEN. */
@Controller('metrics')
@Access('probe')
export class MetricsController {
  constructor(
    private readonly config: AppConfig,
    private readonly metrics: Metrics,
  ) {}

  /** Metrics in the text format of Prometheus. 404 when not exposed, 401 without the right token. */
  @Get()
  async read(@Req() req: Request, @Res({ passthrough: true }) res: Response): Promise<string> {
    const { METRICS_TOKEN, NODE_ENV } = this.config;
    if (!METRICS_TOKEN && NODE_ENV !== 'development') throw new NotFoundException();
    if (METRICS_TOKEN && !isSame(req.get('authorization'), `Bearer ${METRICS_TOKEN}`)) {
      throw new UnauthorizedException();
    }
    res.setHeader('Cache-Control', 'no-store');
    res.type(this.metrics.contentType);
    return this.metrics.text();
  }
}

function isSame(given: string | undefined, wanted: string): boolean {
  const [one, other] = [Buffer.from(given ?? ''), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
