import { PASSWORD, type Person } from '../support/people.js';
import { inChromium, visitor } from './chromium.js';
import { openedApp } from './opened-app.js';

inChromium('A form whose session ended', () => {
  let anna: Person;
  const app = openedApp(async ({ atrium }) => {
    anna = await atrium.people.memberOf('Acme', 'anna@acme.example');
  });

  test.each([
    ['with JavaScript', true],
    ['without JavaScript', false],
  ])(
    '%s: a new project is typed once, and saved after signing in again',
    async (name, script) => {
      const { page, complaints } = await visitor(app.browser, { javaScriptEnabled: script });
      await page.goto(`${app.home}/login/?next=/projects/new/`);
      await page.fill('[name=email]', anna.email);
      await page.fill('[name=password]', PASSWORD);
      await page.press('[name=password]', 'Enter');
      await page.waitForURL('**/projects/new/');
      await page.fill('[name=name]', name);
      await page.fill('[name=description]', 'Slate and copper\nBefore the winter');
      await app.atrium.sql('UPDATE session SET ended_at = now() WHERE user_id = $1', [anna.userId]);
      await page.click('main form[action="/projects/new/"] button[type=submit]');

      await page.waitForSelector('main form[action="/login/"]');
      expect(await page.textContent('[data-announce]')).toMatch(/nog niets opgeslagen/);
      await page.fill('[name=email]', anna.email);
      await page.fill('[name=password]', PASSWORD);
      await page.press('[name=password]', 'Enter');

      await page.waitForSelector('main form[action="/projects/new/"]');
      expect(await page.textContent('h1')).toBe('Verstuur uw formulier opnieuw');
      await page.click('main form[action="/projects/new/"] button[type=submit]');
      await page.waitForURL(/\/projects\/(?!new)/);
      expect(await page.textContent('main')).toContain(name);
      expect(
        await app.atrium.sql('SELECT name, description FROM project WHERE name = $1', [name]),
      ).toEqual([{ name, description: 'Slate and copper\nBefore the winter' }]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    90_000,
  );
});
