// NestJS and TypeORM as their own guides show them: entities with relations, Passport's JWT strategy,
// the serializer interceptor, a template engine with its cache on.
import 'reflect-metadata';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { TerminusModule } from '@nestjs/terminus';
import { TypeOrmModule } from '@nestjs/typeorm';
import cookieParser from 'cookie-parser';
import { engine } from 'express-handlebars';
import { ApiController, HealthController, PagesController } from './controllers.js';
import { Country, Language, Session, Tenant, Timezone, User, UserProfile } from './entities.js';
import { JwtStrategy } from './jwt.strategy.js';
import { PeopleService } from './people.service.js';

const entities = [Country, Language, Session, Tenant, Timezone, User, UserProfile];

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env.DATABASE_URL!,
      entities,
      poolSize: 10,
    }),
    TypeOrmModule.forFeature(entities),
    PassportModule,
    TerminusModule.forRoot({ logger: false }),
  ],
  controllers: [HealthController, ApiController, PagesController],
  providers: [PeopleService, JwtStrategy],
})
class TextbookModule {}

const app = await NestFactory.create<NestExpressApplication>(TextbookModule, { logger: ['error'] });
app.use(cookieParser());
app.engine('hbs', engine({ extname: '.hbs', defaultLayout: false }));
app.setViewEngine('hbs');
app.setBaseViewsDir(join(process.cwd(), 'bench', 'views'));
app.set('view cache', true);
app.enableShutdownHooks();
await app.listen(Number(process.env.PORT), '127.0.0.1');
