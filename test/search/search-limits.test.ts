import { Controller, Get, Module, type Type } from '@nestjs/common';
import type { ApiKeyPrincipal, Principal } from '../../src/core/context/principal.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { Entitled } from '../../src/core/entitlements/entitlement.guard.js';
import { installFeatures, installedFeatures } from '../../src/core/features/registry.js';
import type { SearchSource } from '../../src/core/features/search.js';
import { Access, May } from '../../src/core/http/access/access.js';
import { OpenPages } from '../../src/core/http/access/open-pages.js';
import type { TextKey } from '../../src/core/i18n/text-keys.js';
import { SearchDocument } from '../../src/search/search.document.js';
import { startApp, type TestApp } from '../support/app.js';

@Controller('sold')
class SoldController {
  @Get()
  @May('tenant:read')
  @Entitled('api_keys')
  show(): string {
    return '';
  }

  @Get('mine')
  @Access('self')
  mine(): string {
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

test('a kind whose list is no page stops the start, in a sentence that says where to write what', () => {
  const product = installedFeatures();
  const source = class {} as unknown as Type<SearchSource>;
  const lost = {
    text: 'projects.nav' as TextKey,
    icon: 'x',
    position: 1,
    href: '/nowhere/',
    source,
  };
  installFeatures([{ name: 'lost', module: SoldModule, search: { lost } }]);
  try {
    expect(() => atrium.app.get(SearchDocument, { strict: false }).onModuleInit()).toThrow(
      /lost\.feature\.ts: search\.lost has its list at \/nowhere\/.*write the path of the list/,
    );
  } finally {
    installFeatures(product);
  }
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
  expect(isOpen(of(null), '/sold/mine/')).toBe(true);
  for (const href of ['/sold/one/:id/', '/nowhere/', '/projects/new/../../admin/', '//evil.test/'])
    expect([href, isOpen(of('team'), href)]).toEqual([href, false]);
});

test('an API key reads the lists that its scopes and its plan reach, and no page of a person', () => {
  const pages = atrium.app.get(OpenPages);
  const plan = { accessState: 'full', accessUntil: null, planVersion: 1, seats: 1, overrides: {} };
  const opens = (scopes: string[], planKey: string, href: string) => {
    const apiKey = { keyId: 'one', scopes, plan: { ...plan, planKey } };
    const by = apiKey as unknown as ApiKeyPrincipal;
    return runInContext({ apiKey: by }, () => pages.isOpen(href, by));
  };
  expect(opens(['tenant:read'], 'team', '/sold/')).toBe(true);
  expect(opens(['members:read'], 'team', '/sold/')).toBe(false);
  expect(opens(['tenant:read'], 'free', '/sold/')).toBe(false);
  expect(opens(['tenant:read'], 'team', '/sold/mine/')).toBe(false);
  expect(opens(['tenant:read'], 'team', '/admin/')).toBe(false);
});
