import { Controller, Get, Module } from '@nestjs/common';
import type { Principal } from '../../src/core/context/principal.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { Entitled } from '../../src/core/entitlements/entitlement.guard.js';
import { May } from '../../src/core/http/access/access.js';
import { OpenPages } from '../../src/core/http/access/open-pages.js';
import { startApp, type TestApp } from '../support/app.js';

@Controller('sold')
class SoldController {
  @Get()
  @May('tenant:read')
  @Entitled('api_keys')
  show(): string {
    return '';
  }

  @Get('one/:id')
  undeclared(): string {
    return '';
  }
}

@Module({ controllers: [SoldController] })
class SoldModule {}

let atrium: TestApp;
beforeAll(async () => {
  const settings = { ROLE: 'web', RATE_LIMIT_MULTIPLIER: '0.01', BILLING_PROVIDER: 'sandbox' };
  atrium = await startApp(settings, [SoldModule]);
});
afterAll(() => atrium.stop());

test('who types without end is asked to wait, as page, list and API are one', async () => {
  const { browser, tenantId } = await atrium.people.adminOf('Acme', 'anna@acme.test');
  for (const path of ['/search/', '/search/results/?q=a', '/search/?q=a']) {
    expect((await browser.visit(path)).status).toBe(200);
  }
  const refused = await browser.visit('/search/results/?q=b');
  expect(refused.status).toBe(429);
  expect(refused.response.get('retry-after')).toMatch(/^\d+$/);

  await atrium.sql(
    `UPDATE tenant SET access_state = 'full', plan_key = 'team', plan_version = 1 WHERE id = $1`,
    [tenantId],
  );
  const key = atrium.api().showing(await atrium.people.keyOf('Acme', ['search:read']));
  const answer = await key.get('/search?q=a');
  expect([answer.status, answer.get('ratelimit-limit')]).toEqual([200, '3']);
});

test('a page that was not bought, that declares nothing, or that is not there is closed', () => {
  const pages = atrium.app.get(OpenPages);
  const plan = { accessUntil: null, planVersion: 1, seats: 1, overrides: {} };
  const of = (planKey: string | null) =>
    ({
      ...{ role: 'admin', profileActive: true, isStaff: false, impersonator: null },
      plan: { ...plan, accessState: planKey ? 'full' : 'free', planKey },
    }) as unknown as Principal;
  const isOpen = (principal: Principal | null, href: string) =>
    runInContext({ principal }, () => pages.isOpen(href));
  expect(isOpen(of('team'), '/sold/?q=1')).toBe(true);
  expect(isOpen(of(null), '/sold/')).toBe(false);
  expect(isOpen({ ...of('team'), profileActive: false }, '/sold/')).toBe(false);
  expect(isOpen(null, '/sold/')).toBe(false);
  for (const href of ['/sold/one/:id/', '/nowhere/', '/projects/new/../../admin/', '//evil.test/'])
    expect([href, isOpen(of('team'), href)]).toEqual([href, false]);
});
