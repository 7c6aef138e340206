import {
  Body,
  ClassSerializerInterceptor,
  Controller,
  Get,
  Post,
  Render,
  Req,
  Res,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { HealthCheck, HealthCheckService, TypeOrmHealthIndicator } from '@nestjs/terminus';
import type { Request, Response } from 'express';
import type { User, UserProfile } from './entities.js';
import { PeopleService } from './people.service.js';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly database: TypeOrmHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.database.pingCheck('database')]);
  }
}

@Controller('api/v1')
@UseGuards(AuthGuard('jwt'))
@UseInterceptors(ClassSerializerInterceptor)
export class ApiController {
  constructor(private readonly people: PeopleService) {}

  @Get('me')
  me(@Req() req: Request): User {
    return req.user as User;
  }

  @Get('members')
  async members(@Req() req: Request): Promise<{ items: UserProfile[] }> {
    return { items: await this.people.members((req.user as User).profile.tenant.id) };
  }
}

@Controller()
export class PagesController {
  constructor(private readonly people: PeopleService) {}

  @Get('dashboard')
  @Render('dashboard')
  async dashboard(@Req() req: Request) {
    const cookies = req.cookies as Record<string, string>;
    const user = await this.people.byToken(cookies['__Host-atrium_session'] ?? '');
    const { tenant } = user.profile;
    const members = await this.people.countMembers(tenant.id);
    const latest = await this.people.latest(tenant.id);
    return {
      me: {
        email: user.email,
        display_name: user.profile.displayName,
        organization: tenant.organization,
      },
      members,
      activity: latest.map(({ displayName, user: { email }, tenantJoinedAt }) => ({
        name: displayName ?? email,
        at: tenantJoinedAt?.toISOString(),
        day: tenantJoinedAt?.toDateString(),
      })),
    };
  }

  @Post('login')
  async login(@Body() form: { email: string; password: string }, @Res() res: Response) {
    res.cookie('session', await this.people.signIn(form.email, form.password));
    res.redirect(303, '/dashboard/');
  }
}
