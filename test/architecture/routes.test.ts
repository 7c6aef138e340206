import { DiscoveryService, MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import type { ExecutionContext } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import { readConfig } from '../../src/core/config/config.js';
import { accessOf } from '../../src/core/http/access/access.js';
import type { Authenticator } from '../../src/core/http/access/authenticator.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let atrium: TestingModule;

beforeAll(async () => {
  database = await freshDatabase();
  const config = readConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    APP_SECRET: 'a secret for tests, long enough to be one',
  });
  const imports = [AppModule.forConfig(config, database.server)];
  atrium = await Test.createTestingModule({ imports }).compile();
});
afterAll(async () => {
  await atrium.close();
  await database.drop();
});

interface Route {
  name: string;
  context: ExecutionContext;
}

function routes(): Route[] {
  const discovery = new DiscoveryService(atrium.get(ModulesContainer));
  const scanner = new MetadataScanner();
  return discovery.getControllers().flatMap(({ instance, metatype }) => {
    if (!instance || !metatype) return [];
    const prototype = Object.getPrototypeOf(instance) as object;
    return scanner
      .getAllMethodNames(prototype)
      .map((name) => ({ name, handler: (prototype as Record<string, () => void>)[name]! }))
      .filter(({ handler }) => Reflect.hasMetadata('path', handler))
      .map(({ name, handler }) => ({
        name: `${metatype.name}.${name}`,
        context: {
          getHandler: () => handler,
          getClass: () => metatype,
        } as unknown as ExecutionContext,
      }));
  });
}

test('every route declares who may call it', () => {
  const reflector = new Reflector();
  const all = routes();
  expect(all.length).toBeGreaterThan(20);
  const undeclared = all.filter(({ context }) => !accessOf(reflector, context));
  expect(undeclared.map(({ name }) => name)).toEqual([]);
});

test('a route that declares nothing is closed', async () => {
  const { AccessGuard } = await import('../../src/core/http/access/access.guard.js');
  class Forgotten {}
  const visitor: Authenticator = {
    authenticate: () => Promise.resolve(),
    credentialOf: () => 'nothing',
    homeOf: () => '/',
  };
  const config = readConfig({ NODE_ENV: 'test' });
  const unasked = {} as never;
  const guard = new AccessGuard(new Reflector(), visitor, config, unasked, unasked);
  const context = { getHandler: () => () => undefined, getClass: () => Forgotten };
  await expect(guard.canActivate(context as never)).rejects.toThrow('declares no access');
});
