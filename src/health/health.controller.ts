import { Controller, Get, Logger, Res } from '@nestjs/common';
import {
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
} from '@nestjs/terminus';
import type { Response } from 'express';
import { DatabaseProbe } from '../core/database/database-probe.js';
import { Access } from '../core/http/access/access.js';
import { GracefulStop } from '../core/http/pipeline/graceful-stop.js';

/** The documented part of a health response, besides Terminus' details. */
interface Health {
  status: 'ok' | 'error';
  db: 'ok' | 'error';
  details: HealthCheckResult['details'];
}

/** Probes for orchestrators. Without authentication and not cached. */
@Controller('health')
@Access('probe')
export class HealthController {
  private readonly log = new Logger('Health');
  private named = '';
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    private readonly database: DatabaseProbe,
    private readonly stop: GracefulStop,
  ) {}

  /** 200 `{"status":"ok","db":"ok"}`, or 503 `{"status":"error","db":"error"}` within two seconds. */
  @Get()
  check(@Res({ passthrough: true }) res: Response): Promise<Health> {
    return this.answer(res, [() => this.ping()]);
  }

  /** Liveness: the process answers; the database is not checked. */
  @Get('live')
  live(@Res({ passthrough: true }) res: Response): { status: 'ok' } {
    res.setHeader('Cache-Control', 'no-store');
    return { status: 'ok' };
  }

  /** Readiness: not shutting down, the database answers, and every migration of this code is applied. */
  @Get('ready')
  ready(@Res({ passthrough: true }) res: Response): Promise<Health> {
    return this.answer(res, [() => this.ping(), () => this.migrations(), () => this.running()]);
  }

  private async answer(res: Response, checks: Parameters<HealthCheckService['check']>[0]) {
    res.setHeader('Cache-Control', 'no-store');
    const { status, details } = await this.run(checks);
    const db = details.db?.status === 'up' ? 'ok' : 'error';
    const isWell = status === 'ok';
    res.status(isWell ? 200 : 503);
    return { status: isWell ? ('ok' as const) : ('error' as const), db, details } satisfies Health;
  }

  /** Terminus throws its result when a check fails. */
  private async run(
    checks: Parameters<HealthCheckService['check']>[0],
  ): Promise<HealthCheckResult> {
    try {
      return await this.health.check(checks);
    } catch (error) {
      const result = (error as { getResponse?: () => HealthCheckResult }).getResponse?.();
      if (!result) throw error;
      return result;
    }
  }

  private ping() {
    const db = this.indicator.check('db');
    return this.database.ping().then(
      () => db.up(),
      () => db.down(),
    );
  }

  private migrations() {
    const migrations = this.indicator.check('migrations');
    return this.database.pendingMigrations().then(
      (pending) => {
        this.name(pending);
        return pending.length === 0 ? migrations.up() : migrations.down();
      },
      () => migrations.down(),
    );
  }

  /** Logs pending migrations when they change; the response does not name them, as it is public. */
  private name(pending: string[]): void {
    const names = pending.join(', ');
    if (names && names !== this.named) this.log.warn(`Migrations are not applied yet: ${names}`);
    this.named = names;
  }

  private running() {
    const process = this.indicator.check('process');
    return this.stop.isStopping ? process.down({ message: 'stopping' }) : process.up();
  }
}
