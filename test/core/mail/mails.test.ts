import { brand } from '../../../src/core/brand/brand.js';
import { runInContext } from '../../../src/core/context/request-context.js';
import type { Locale } from '../../../src/core/i18n/locales.js';
import type { MailModel, MailTemplate } from '../../../src/core/features/names.js';
import { Mailer } from '../../../src/core/mail/mailer.js';
import { UnitOfWork } from '../../../src/core/database/unit-of-work.js';
import { installedFeatures } from '../../../src/core/features/registry.js';
import { SAMPLES } from '../../support/samples.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Mail } from '../../support/mailbox.js';
import { identityRole } from '../../../src/core/database/privileged/identity.role.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const MAILS = Object.assign({}, ...[...SAMPLES.values()].map(({ mails }) => mails)) as {
  [T in MailTemplate]: MailModel<T>;
};
const { invitation } = MAILS;
const { url } = invitation;
const TEMPLATES = Object.keys(MAILS) as MailTemplate[];

test('every mail has a sample', () => {
  const missing = installedFeatures().flatMap(({ name, mails = {} }) =>
    Object.keys(mails)
      .filter((mail) => !(mail in MAILS))
      .map((mail) => `write mails: { '${mail}': … } in test/${name}/${name}.samples.ts`),
  );
  expect(missing).toEqual([]);
});

const LOCALES: Locale[] = ['en', 'nl-BE', 'fr-BE'];

let sent = 0;
async function mail<T extends MailTemplate>(
  template: T,
  model: MailModel<T>,
  locale: Locale = 'en',
): Promise<Mail> {
  const to = `reader${(sent += 1)}@acme.test`;
  const { app, mails } = atrium;
  await runInContext({}, () =>
    app
      .get(UnitOfWork)
      .runAs(identityRole, () => app.get(Mailer).send(to, template, model, locale)),
  );
  return mails.expect(to);
}

describe.each(LOCALES)('In %s', (locale) => {
  test.each(TEMPLATES)('the mail %s is complete, as text and HTML', async (template) => {
    const { subject, text, html } = await mail(template, MAILS[template], locale);
    for (const part of [subject, text, html]) {
      expect(part).not.toMatch(/\{\w+\}|undefined|\[object|mail\.\w+\./);
    }
    expect(html).toContain(`lang="${locale}"`);
    expect(text).not.toMatch(/\n{4}|<\w/);
    expect(text).not.toMatch(/button|knop|bouton|below|hieronder|ci-dessous/i);
    const plain = text.split('\n').filter((line) => !line.startsWith('http'));
    const marks = locale === 'fr-BE' ? /\S[:;?!]/ : /\s[:;?!]/;
    expect(plain.filter((line) => marks.test(line))).toEqual([]);
    const hasLink = 'url' in MAILS[template];
    expect(text.includes(`:\n${url}\n`)).toBe(hasLink);
    expect(html.includes(`href="${url}"`)).toBe(hasLink);
  });
});

const REASONS = {
  en: 'You receive this mail because Emma Claes of Ketje invited ',
  'nl-BE': 'U ontvangt deze e-mail omdat Emma Claes van Ketje ',
  'fr-BE': 'Vous recevez cet e-mail parce que Emma Claes (Ketje) a invité ',
} as const;

test.each(Object.entries(REASONS))(
  'an invitation mail in %s says who gave the address, and mentions no account',
  async (locale, reason) => {
    const { text, html } = await mail('invitation', invitation, locale as Locale);
    for (const part of [text, html]) {
      expect(part).toContain(reason);
      expect(part).not.toMatch(/your account|uw account|votre compte/);
    }
  },
);

test('a mail to an outsider that gives no reason of its own names organisation and address', async () => {
  const { text } = await mail('invitation', { ...invitation, recipient: { kind: 'outsider' } });
  expect(text).toMatch(
    new RegExp(
      `because Ketje sent it to reader\\d+@acme\\.test through ${brand.name}\\. If you did not expect it, you can ignore`,
    ),
  );
});

test('account holders read that the mail is because of their account', async () => {
  const { text, html } = await mail('password-changed', { url, isNotMe: false });
  const reason = `You receive this mail because of your account at ${brand.name}.`;
  expect([text.includes(reason), html.includes(reason)]).toEqual([true, true]);
});

test('older names with links make no link in subject, text or HTML', async () => {
  const organization = 'URGENT: sign in at https://evil.example/login or www.evil.example';
  const inviter = `support@evil.example\nBcc: all@evil.example ${'x'.repeat(80)}`;
  const { subject, text, html } = await mail('invitation', {
    ...invitation,
    organization,
    inviter,
  });
  for (const part of [subject, text.replaceAll(url, ''), html.replaceAll(url, '')]) {
    expect(part).not.toMatch(/https?:\/\/evil|evil\.example|support@evil|all@evil/);
  }
  expect(subject).not.toContain('\n');
  expect(subject.length).toBeLessThan(180);
  expect(html.match(/href="[^"]*"/g)?.every((link) => link === `href="${url}"`)).toBe(true);
});
