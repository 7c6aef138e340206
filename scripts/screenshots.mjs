/**
 * npm run screenshots: the pictures of the README, in docs/images, and of the home page, in brand/images, of an
 * organisation made up for them.
 * npm run screenshots -- --all <folder>: every page, at 375, 768, 1280 and 1600 px, in both themes; in Dutch
 * and French at 1280 px. `--only <text>` keeps to the pages whose address contains it.
 * Needs a Chromium (CHROMIUM_PATH).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { root, runNode } from './support/project.mjs';
import { startDemo } from './support/demo.mjs';
import './support/typescript.mjs';

const { launch } = await import('../test/browser/chromium.ts');
const { PAGES } = await import('../test/support/samples.ts');

const { values: asked } = parseArgs({
  options: { all: { type: 'string' }, only: { type: 'string', default: '' } },
});

const README = [
  { name: 'dashboard', who: 'admin', path: '/dashboard/' },
  {
    name: 'settings-dark',
    who: 'admin',
    path: '/settings/users/',
    height: 1300,
    theme: 'night',
    language: 'fr',
  },
  { name: 'phone', who: 'admin', path: '/projects/', width: 375, height: 760 },
];

/** Each in both themes, at twice the size it is shown. */
const HOME = [
  { name: 'home-desktop', who: 'admin', path: '/dashboard/' },
  { name: 'home-phone', who: 'admin', path: '/projects/', width: 375, height: 760 },
].flatMap((picture) => [
  { ...picture, name: `${picture.name}-light`, scale: 2 },
  { ...picture, name: `${picture.name}-dark`, theme: 'night', scale: 2 },
]);

const built = await runNode(['scripts/build.mjs', '--if-changed'], { inherit: true });
if (built.code !== 0) process.exit(built.code);

const demo = await startDemo();
const chromium = await launch();
try {
  for (const picture of asked.all ? everything() : [...README, ...HOME]) await take(picture);
} finally {
  await chromium.close();
  await demo.stop();
}

/** Each page × width × theme, and in the other languages once. */
function everything() {
  const looks = [375, 768, 1280, 1600].flatMap((width) =>
    ['corporate', 'night'].map((theme) => ({ width, theme, language: 'en' })),
  );
  for (const language of ['nl', 'fr']) looks.push({ width: 1280, theme: 'corporate', language });
  return looks.flatMap((look) =>
    Object.entries(PAGES).flatMap(([who, paths]) =>
      paths
        .filter((path) => path.includes(asked.only))
        .map((path) => ({ who, path, ...look, whole: true })),
    ),
  );
}

async function take(picture) {
  const { name, who, path, width = 1280, height = 800, theme = 'corporate' } = picture;
  const { language = 'en', whole = false, scale = 1 } = picture;
  const context = await chromium.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    isMobile: width < 600,
    hasTouch: width < 600,
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Brussels',
  });
  await context.addCookies(cookies(who, theme, language));
  const page = await context.newPage();
  await demo.sql('UPDATE user_profile SET theme = $1', [theme]);
  const address = path.replaceAll(/:(\w+)/g, (_, thing) => demo.things[thing]);
  await page.goto(demo.home + address);
  if (whole) await growToContent(page, width, height);
  await page.evaluate(() => document.fonts.ready);
  const shot = await page.screenshot();
  await context.close();
  if (scale > 1) {
    const webp = await sharp(shot).webp({ quality: 72, effort: 6 }).toBuffer();
    return save(join(root, 'brand', 'images'), `${name}.webp`, webp);
  }
  const folder = whole ? join(resolve(asked.all), `${width}-${theme}-${language}`) : images();
  save(folder, `${name ?? fileName(who, path)}.png`, shot);
}

function save(folder, file, content) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), content);
}

function images() {
  return join(root, 'docs', 'images');
}

function fileName(who, path) {
  return `${who}${path}`.replaceAll(/[^a-z]+/g, '-').replaceAll(/-$/g, '');
}

/** The main part scrolls within the window, so the window is made as high as its content. */
async function growToContent(page, width, height) {
  const hidden = await page.evaluate(() => {
    const main = document.querySelector('main');
    return main.scrollHeight - main.clientHeight;
  });
  await page.setViewportSize({ width, height: Math.min(height + Math.max(hidden, 0), 4000) });
}

function cookies(who, theme, language) {
  const codes = { en: 'en', nl: 'nl-be', fr: 'fr-be' };
  const all = { theme, lang: codes[language], session: demo.sessions[who] };
  return Object.entries(all)
    .filter(([, value]) => value)
    .map(([name, value]) => ({ name: `atrium_${name}`, value, url: demo.home }));
}
