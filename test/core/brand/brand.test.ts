import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createTransport } from 'nodemailer';
import request from 'supertest';
import { brand, DARK_SURFACE, LIGHT_SURFACE, readBrand } from '../../../src/core/brand/brand.js';
import { readConfig } from '../../../src/core/config/read-config.js';
import { contrast } from '../../../src/core/brand/contrast.js';
import { createViewEngine } from '../../../src/core/views/view-engine.js';
import { startApp } from '../../support/app.js';

const valid = {
  name: 'Kwartier',
  accent: { light: '#0F766E', dark: '#5eead4' },
  company: {
    name: 'Kwartier BV',
    address: ['Kaai 1', '9000 Gent'],
    email: 'help@kwartier.example',
  },
};
const read = (changes: object) => readBrand(JSON.stringify({ ...valid, ...changes }));

describe('The brand of an adopter', () => {
  test('contrast is that of WCAG: black on white is 21, equal colours are 1', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    expect(contrast('#1c5fd4', '#1c5fd4')).toBe(1);
  });

  test('what is written on the accent is white or ink, whichever is clearer', () => {
    expect(read({}).accent).toEqual({
      light: '#0f766e',
      onLight: '#ffffff',
      dark: '#5eead4',
      onDark: '#0d1424',
    });
    for (const { light, onLight, dark, onDark } of [brand.accent, read({}).accent]) {
      expect(contrast(light, onLight)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(dark, onDark)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(light, LIGHT_SURFACE)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(dark, DARK_SURFACE)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each([
    [{ name: '' }, /"name" must be one line of 1 to 60/],
    [{ name: 'x'.repeat(61) }, /"name" must be one line of 1 to 60/],
    [{ name: 'Two\nlines' }, /"name" must be one line/],
    [{ accent: undefined }, /"accent.light" must be a colour/],
    [{ accent: { light: 'teal', dark: '#5eead4' } }, /"accent.light" must be a colour such as/],
    [
      { accent: { light: '#5eead4', dark: '#5eead4' } },
      /#5eead4 has a contrast of 1\.\d\d with the light/,
    ],
    [{ accent: { light: '#0f766e', dark: '#0f766e' } }, /"accent.dark" #0f766e has a contrast of/],
    [
      { accent: { light: '#767676', dark: '#5eead4' } },
      /"accent.light" #767676 has a contrast of 4\.2/,
    ],
    [{ company: { name: 'A', address: 'Kaai 1' } }, /"company.address" must be a list of lines/],
    [{ company: { address: [] } }, /"company.name" must be one line/],
    [{ company: { name: 'A', address: [1] } }, /"company.address\[0\]" must be one line/],
  ])('%j is refused in a sentence that names the value', (changes, message) => {
    expect(() => read(changes)).toThrow(message);
  });

  test('a file that is no JSON, or none of an object, is named', () => {
    expect(() => readBrand('{ "name": ')).toThrow(/brand\/brand\.json is no JSON: /);
    expect(() => readBrand('null')).toThrow(/"name" must be one line/);
  });

  test.each(['Kwartier B.V.', 'A, B & C', 'The "Quarter"'])(
    'the product may be called %s: the process starts, and mails come from it',
    async (name) => {
      const before = brand.name;
      brand.name = name;
      try {
        const { MAIL_FROM } = readConfig({ NODE_ENV: 'test' });
        const mail = createTransport({ jsonTransport: true });
        const { message } = await mail.sendMail({ from: MAIL_FROM, to: 'anna@acme.test' });
        const { from } = JSON.parse(String(message)) as { from: unknown };
        expect(from).toEqual({ name, address: 'no-reply@localhost' });
      } finally {
        brand.name = before;
      }
    },
  );

  test('a view of the brand takes the place of that of the same path, also where it is included', async () => {
    const folder = (views: Record<string, string>) => {
      const root = mkdtempSync(join(tmpdir(), 'views-'));
      for (const [name, text] of Object.entries(views)) {
        mkdirSync(dirname(join(root, name)), { recursive: true });
        writeFileSync(join(root, `${name}.hbs`), text);
      }
      return root;
    };
    const engine = createViewEngine({
      viewsDirs: [
        folder({
          'home/home': 'Theirs {{> foot}}',
          'home/other': 'Other {{> foot}}',
          'partials/foot': 'foot',
        }),
        folder({ 'home/home': 'Ours {{> foot}}', 'partials/foot': 'our foot' }),
      ],
      cache: true,
      translate: (key) => key,
      asset: (name) => name,
    });
    const shell = { locale: 'en' };
    expect(await engine.render('home/home', { shell })).toBe('Ours our foot');
    expect(await engine.render('home/other', { shell })).toBe('Other our foot');
  });

  test('pages, mails and the API document say the name of the brand and show its mark', async () => {
    const atrium = await startApp();
    try {
      const page = await atrium.browser().visit('/login/');
      expect(page.title).toContain(`· ${brand.name}`);
      const mark = page.document.querySelector('.topbar > a img')!.getAttribute('src')!;
      expect(page.document.querySelector('link[rel="icon"]')!.getAttribute('href')).toBe(mark);
      const shown = await request(atrium.server).get(mark);
      expect((shown.body as Buffer).toString()).toBe(readFileSync('brand/logo.svg', 'utf8'));
      const document = await request(atrium.server).get('/api/openapi.json');
      expect(document.body).toMatchObject({ info: { title: brand.name } });
    } finally {
      await atrium.stop();
    }
  });
});
