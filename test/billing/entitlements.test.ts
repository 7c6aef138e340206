import { RequestMethod, type ExecutionContext } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { readOnlyOpening } from '../../src/core/entitlements/read-only.guard.js';
import { accessOf } from '../../src/core/http/access/access.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ BILLING_PROVIDER: 'sandbox' })));
afterAll(() => atrium.stop());

const grant = (tenantId: string, plan: string, state = 'full') =>
  atrium.sql(
    `UPDATE tenant SET access_state = $3, plan_key = nullif($2, 'free'),
       plan_version = CASE WHEN $2 <> 'free' THEN 1 END WHERE id = $1`,
    [tenantId, plan, state],
  );

test('what is read-only can be read, cleaned up and left, and nothing else', async () => {
  const cleo = await atrium.people.adminOf('Quiet', 'cleo@quiet.test');
  const dan = await atrium.people.memberOf('Quiet', 'dan@quiet.test');
  await grant(cleo.tenantId!, 'team', 'read_only');
  expect((await cleo.browser.visit('/projects/')).status).toBe(200);
  expect((await cleo.browser.visit('/settings/billing/')).status).toBe(200);
  const refused = await dan.browser.fill('/projects/new/', { name: 'Not now' });
  expect(refused.status).toBe(402);
  expect(refused.text).toContain('Ask an admin of your organisation');
  expect(refused.text).toContain('read');
  const invite = { action: 'invite', email: 'eve@quiet.test', role: 'member' };
  const invited = await cleo.browser.fill('/settings/users/', invite);
  expect(invited.status).toBe(402);
  const removal = { action: 'deactivate', profile_id: dan.profileId };
  expect((await cleo.browser.fill('/settings/users/', removal)).status).toBe(303);
  expect((await cleo.browser.fill('/settings/data/')).status).toBe(303);
  await cleo.browser.visit('/projects/');
  expect((await cleo.browser.submit('/logout/')).status).toBe(303);
});

test('there is no room for more people than the plan has, invited ones included', async () => {
  const hal = await atrium.people.adminOf('Small', 'hal@small.test');
  const invite = (email: string) =>
    hal.browser.fill('/settings/users/', { action: 'invite', email, role: 'member' });
  expect((await invite('one@small.test, two@small.test')).status).toBe(303);
  const refused = await invite('three@small.test');
  expect(refused.text).toContain('room for 3 members');
  const [pending] = await atrium.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM invitation WHERE tenant_id = $1`,
    [hal.tenantId],
  );
  expect(pending!.count).toBe(2);

  // Meanwhile the organisation was filled up: what was mailed opens nothing.
  await atrium.people.memberOf('Small', 'late@small.test');
  await atrium.people.memberOf('Small', 'later@small.test');
  const { text } = await atrium.mails.expect('one@small.test');
  const [, token] = /invite\/accept\/([\w-]+)/.exec(text)!;
  const joined = await atrium.api().post('/invitations/accept', { token, password: PASSWORD });
  expect(joined.status).toBe(402);
  expect(joined.body.type).toBe('http://atrium.test/problems/limit-reached');
});

const isForRoom = (opening: string) => /\.(delete|undo|remove) over_limit$/.test(opening);

test('only these changes work in an organisation that is read-only', () => {
  const reflector = new Reflector();
  const discovery = new DiscoveryService(atrium.app.get(ModulesContainer));
  const scanner = new MetadataScanner();
  const open: string[] = [];
  const closed: string[] = [];
  for (const { instance, metatype } of discovery.getControllers()) {
    if (!instance || !metatype) continue;
    const prototype = Object.getPrototypeOf(instance) as Record<string, () => void>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[name]!;
      const method = RequestMethod[Reflect.getMetadata('method', handler) as number];
      const context = { getHandler: () => handler, getClass: () => metatype };
      if (!method || method === 'GET') continue;
      if (accessOf(reflector, context as unknown as ExecutionContext) !== 'permitted') continue;
      const opening = readOnlyOpening(reflector, context as unknown as ExecutionContext);
      const route = `${metatype.name}.${name}`;
      if (opening) open.push(`${route} ${opening.when}`);
      else closed.push(route);
    }
  }
  // Of any module: what makes room.
  const [room, always] = [open.filter(isForRoom), open.filter((each) => !isForRoom(each))];
  expect(room.length).toBeGreaterThan(1);
  expect(always.sort()).toEqual([
    'ApiKeysPageController.revoke always',
    'BillingDetailsPageController.save always',
    'BillingPageController.refresh always',
    'BulkPageController.act always',
    'ChecklistPageController.hide always',
    'ChecklistPageController.undo always',
    'CheckoutPageController.portal always',
    'CheckoutPageController.start always',
    'ClosureApiController.close always',
    'ClosureApiController.reopen always',
    'ClosurePageController.close always',
    'ClosurePageController.reopen always',
    'DataPageController.request always',
    'HandOverApiController.handOver always',
    'HandOverPageController.act always',
    'InvitationLinksApiController.revoke always',
    'InvitationLinksPageController.revoke always',
    'InvitationsApiController.cancel always',
    'MembersApiController.update always',
    'MembersPageController.act always',
    'SubscriptionPageController.cancel always',
    'SubscriptionPageController.changePlan always',
    'SubscriptionPageController.resume always',
    'SubscriptionPageController.setSeats always',
    'WebhookEndpointsApiController.delete always',
    'WebhookEndpointsPageController.delete always',
    'WebhookEndpointsPageController.disable always',
  ]);
  expect(closed.length).toBeGreaterThan(10);
});
