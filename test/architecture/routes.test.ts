import { DiscoveryService, MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { RequestMethod, type ExecutionContext } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import { readConfig } from '../../src/core/config/read-config.js';
import {
  DenyImpersonation,
  GateExempt,
  accessOf,
  isMarked,
} from '../../src/core/http/access/access.js';
import { stepUpOf } from '../../src/core/http/access/step-up.js';
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
  method: string;
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
        method: RequestMethod[Reflect.getMetadata('method', handler) as number]!,
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

test('no page of the back office is exempt from the gate: staff without their second factor open none', () => {
  const reflector = new Reflector();
  const office = routes().filter(({ context }) => accessOf(reflector, context) === 'staff');
  expect(office.length).toBeGreaterThan(20);
  const open = office.filter(({ context }) => isMarked(GateExempt, reflector, context));
  expect(open.map(({ name }) => name)).toEqual([]);
});

/** What somebody who is signed in changes. */
function changes(): Route[] {
  const reflector = new Reflector();
  const theirs = ['self', 'permitted', 'staff'];
  return routes().filter(
    ({ method, context }) =>
      !['GET', 'HEAD', 'OPTIONS'].includes(method) &&
      theirs.includes(accessOf(reflector, context) ?? ''),
  );
}

test('a route that changes something has decided whether it is sensitive: @StepUp() or @NotSensitive()', () => {
  const reflector = new Reflector();
  const undecided = changes().filter(({ context }) => stepUpOf(reflector, context) === undefined);
  expect(undecided.map(({ name }) => name)).toEqual([]);
});

test('what is sensitive is closed to staff who act on somebody’s behalf', () => {
  const reflector = new Reflector();
  const sensitive = routes().filter(({ context }) => stepUpOf(reflector, context));
  expect(sensitive.length).toBeGreaterThan(12);
  const open = sensitive.filter(
    ({ context }) =>
      // The back office is for staff themselves, and of a form that does several things the use case refuses.
      accessOf(reflector, context) !== 'staff' &&
      !refusesItself(stepUpOf(reflector, context)) &&
      !isMarked(DenyImpersonation, reflector, context) &&
      !isForApi(context),
  );
  expect(open.map(({ name }) => name)).toEqual([]);
});

function refusesItself(declared: ReturnType<typeof stepUpOf>): boolean {
  if (!declared) return false;
  return declared.forBody !== undefined || declared.refusesOnBehalf === true;
}

/** Impersonation is a session of a browser, which the API does not read. */
function isForApi(context: ExecutionContext): boolean {
  return String(Reflect.getMetadata('path', context.getClass())).startsWith('api/');
}

test('the list of what is sensitive is this one', () => {
  const reflector = new Reflector();
  const sensitive = routes().filter(({ context }) => stepUpOf(reflector, context));
  expect(sensitive.map(({ name }) => name).sort()).toEqual(SENSITIVE);
});

const SENSITIVE = [
  // Everything that is exported.
  'AccountPageController.export',
  'ActivityPageController.download',
  'DataPageController.download',
  'DataPageController.request',
  // Closing an account, and with the last member the organisation.
  'AccountPageController.deactivate',
  // Closing an organisation.
  'ClosureApiController.close',
  'ClosurePageController.close',
  'ApiKeysPageController.create',
  'BulkPageController.act',
  'BulkPageController.undo',
  'CheckoutPageController.portal',
  // The back office, whose changes reach every organisation.
  'ChangesPageController.ask',
  'ChangesPageController.askMany',
  'ChangesPageController.do',
  'ChangesPageController.doMany',
  'ChangesPageController.edit',
  'ChangesPageController.save',
  'FlagsPageController.except',
  'FlagsPageController.rollOut',
  'OverridesPageController.set',
  'ParkedEventsPageController.replay',
  'SellPageController.sell',
  'StaffInvoicePageController.paid',
  'StaffSubscriptionPageController.change',
  'StaffSubscriptionPageController.extendTrial',
  // Roles.
  'HandOverApiController.handOver',
  'HandOverPageController.act',
  'InvitationLinksApiController.create',
  'InvitationLinksPageController.create',
  'InvitationsApiController.create',
  'InviteTeamPageController.invite',
  'MembersApiController.update',
  'MembersPageController.act',
  'MembersPageController.restore',
  'MembersPageController.restoreInvitation',
  // Address and password.
  'MeApiController.changePassword',
  'ProfilePageController.changeEmail',
  'SecurityPageController.changePassword',
  // Second factors.
  'SecurityPolicyPageController.reset',
  'SecurityPolicyPageController.save',
  'PasskeysApiController.add',
  'PasskeysApiController.options',
  'PasskeysApiController.remove',
  'PasskeysApiController.rename',
  'PasskeysPageController.add',
  'PasskeysPageController.create',
  'PasskeysPageController.edit',
  'PasskeysPageController.remove',
  'PasskeysPageController.rename',
  'SecondFactorSettingsPageController.add',
  'SecondFactorSettingsPageController.newCodes',
  'SecondFactorSettingsPageController.remove',
  'SecondFactorSettingsPageController.setUp',
  'StartImpersonationPageController.start',
  // Secrets of webhooks.
  'WebhookEndpointsApiController.create',
  'WebhookEndpointsApiController.rotate',
  'WebhookEndpointsPageController.create',
  'WebhookEndpointsPageController.rotate',
].sort();

test('a route that declares nothing is closed', async () => {
  const { AccessGuard } = await import('../../src/core/http/access/access.guard.js');
  class Forgotten {}
  const visitor: Authenticator = {
    authenticate: () => Promise.resolve(),
    reread: () => Promise.resolve(null),
    credentialOf: () => 'nothing',
    homeOf: () => '/',
  };
  const config = readConfig({ NODE_ENV: 'test' });
  const unasked = {} as never;
  const guard = new AccessGuard(new Reflector(), visitor, config, unasked, unasked);
  const context = { getHandler: () => () => undefined, getClass: () => Forgotten };
  await expect(guard.canActivate(context as never)).rejects.toThrow('declares no access');
});
