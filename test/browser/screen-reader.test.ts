import { focused, namesOf } from './accessibility-tree.js';
import { inChromium } from './chromium.js';
import { makeWorld, type Look, type World } from './world.js';

inChromium('A screen reader', () => {
  let world: World;
  beforeAll(async () => void (world = await makeWorld()), 180_000);
  afterAll(() => world?.end());

  const open = async (path: string, look: Look = {}, options: object = {}) => {
    const { page } = await world.as('admin', look, { reducedMotion: 'reduce', ...options });
    await page.goto(world.address(path));
    return page;
  };

  test.each([true, false])(
    'announces the result of a form (with script: %s)',
    async (javaScriptEnabled) => {
      const page = await open('/projects/new/', {}, { javaScriptEnabled });
      await page.fill('[name=name]', `Told ${javaScriptEnabled}`);
      await page.press('[name=name]', 'Enter');
      await page.locator('.notice-success').waitFor();
      const message = { role: 'status', name: 'The project has been added.' };
      expect(await focused(page)).toMatchObject(message);
      await page.context().close();
    },
    30_000,
  );

  test('announces a new API key', async () => {
    const page = await open('/settings/api/');
    await page.fill('#name', 'Told');
    await page.check('[value="members:read"]');
    await page.click('form[action="/settings/api/"] [type=submit]');
    await page.locator('#new-key').waitFor();
    expect(await focused(page)).toMatchObject({ name: 'The key “Told” is ready.' });
    await page.context().close();
  }, 90_000);

  test.each([
    ['en', ['Send again to guest@acme.test', 'Withdraw the invitation to guest@acme.test']],
    [
      'nl-be',
      ['Opnieuw versturen naar guest@acme.test', 'De uitnodiging aan guest@acme.test intrekken'],
    ],
    [
      'fr-be',
      ['Renvoyer l’invitation à guest@acme.test', 'Retirer l’invitation à guest@acme.test'],
    ],
  ] as const)(
    'hears whole sentences on the buttons of a list, in %s',
    async (language, expected) => {
      const page = await open('/settings/users/?state=invited', { language });
      const names = await namesOf(page, 'button', 'link', 'DisclosureTriangle');
      expect(names).toEqual(expect.arrayContaining([...expected]));
      expect(names.filter((name) => /\w :/.test(name))).toEqual([]);
      await page.context().close();
    },
    30_000,
  );

  test('focuses the title or field of an opened dialog', async () => {
    const page = await open('/projects/:project/');
    await page.click('a[href="#delete"]');
    expect(await focused(page)).toMatchObject({ role: 'heading', name: 'Delete this project?' });
    // From the title on, the keyboard goes round inside.
    await page.keyboard.press('Shift+Tab');
    expect((await focused(page))?.name).toBe('Delete project');
    await page.keyboard.press('Tab');
    expect((await focused(page))?.name).toBe('Close');

    await page.goto(world.address('/profile/data/'));
    await page.click('a[href="#deactivate"]');
    expect(await focused(page)).toMatchObject({ role: 'textbox', name: 'Current password' });
    await page.context().close();
  }, 90_000);

  test('exposes the page’s language, named landmarks and one theme button', async () => {
    for (const [language, choice, bar] of [
      ['en', 'Language: English (en). Choose another.', 'Side bar'],
      ['nl-be', 'Taal: Nederlands (nl). Kies een andere.', 'Zijbalk'],
      ['fr-be', 'Langue\u00a0: Français (fr). Choisir une autre.', 'Barre latérale'],
    ] as const) {
      const page = await open('/dashboard/', { language });
      const names = await namesOf(page, 'DisclosureTriangle', 'button', 'generic', 'complementary');
      expect(names).toContain(choice);
      expect(await namesOf(page, 'complementary')).toEqual([bar]);
      await page.context().close();
    }
    const phone = await open('/dashboard/', {}, { viewport: { width: 375, height: 760 } });
    await phone.click('.dock-bar [data-dialog-open]');
    const label = phone.locator('#menu [data-theme-form] [aria-hidden]:not(svg):visible');
    expect(await label.allInnerTexts()).toEqual(['Theme: light']);
    expect(await namesOf(phone, 'button')).toContain('Theme: light. Switch to dark.');
    await phone.context().close();
  }, 180_000);
});
