import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quarters } from '../support/pictures.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD, type Person } from '../support/people.js';

const folder = mkdtempSync(join(tmpdir(), 'atrium-disk-'));
const isMounted = mountTiny();
// Only root, or a container with that capability, may make a disk so small.
const onTinyDisk = isMounted ? describe : describe.skip;

/** A disk of 256 KiB. */
function mountTiny(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

afterAll(() => {
  if (isMounted) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
});

onTinyDisk('when the disk is full', () => {
  let atrium: TestApp;
  let anna: Person;
  const filler = join(folder, 'filler');
  const stored = () => readdirSync(join(folder, 'uploads', 'avatar'));

  beforeAll(async () => {
    atrium = await startApp({ DATA_DIR: folder });
    anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
    anna.browser.with('Accept-Language', 'fr');
    expect((await upload('Anna')).status).toBe(303);
    fill();
  });
  afterAll(() => atrium.stop());

  /** To the last page. */
  function fill(): void {
    for (let at = 0; ; at++) {
      try {
        writeFileSync(`${filler}${at}`, Buffer.alloc(4_096, 1));
      } catch {
        return;
      }
    }
  }

  async function upload(name: string) {
    const bytes = await quarters(300, 200).png().toBuffer();
    const file = { field: 'avatar', name: 'me.png', bytes, type: 'image/png' };
    await anna.browser.visit('/profile/');
    return anna.browser.upload('/profile/', file, { display_name: name });
  }

  const picture = async () => {
    const page = await anna.browser.visit('/profile/');
    const src = page.document.querySelector('main img')?.getAttribute('src');
    return (await anna.browser.agent.get(src!)).status;
  };

  test('a person is told above the form, keeps what they typed and the picture they had', async () => {
    const [before] = stored();
    const refused = await upload('Annabel');
    expect([refused.status, refused.value('display_name')]).toEqual([503, 'Annabel']);
    expect(refused.at('[role="alert"]')).toContain('Nous ne pouvons pas enregistrer');
    expect([stored(), await picture()]).toEqual([[before], 200]);
    expect((await anna.browser.visit('/profile/')).value('display_name')).toBe('Anna');
  });

  test('a client of the API is told when to come again', async () => {
    const client = await atrium.api().login(anna.email, PASSWORD);
    const answer = await client.upload(
      'PUT',
      '/tenant/logo',
      'logo',
      await quarters(300, 200).png().toBuffer(),
    );
    expect([answer.status, answer.get('retry-after')]).toEqual([503, '30']);
    expect(answer.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((await client.get('/tenant')).body).toMatchObject({ logo_url: null });
  });

  test('it works again as soon as there is room', async () => {
    for (const file of readdirSync(folder).filter((name) => name.startsWith('filler'))) {
      rmSync(join(folder, file));
    }
    expect((await upload('Annabel')).status).toBe(303);
    expect(await picture()).toBe(200);
  });
});
