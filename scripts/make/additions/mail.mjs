import { askForReview } from '../module.mjs';
import { samples } from '../parts/samples.mjs';
import {
  additionNames,
  declare,
  editCode,
  place,
  requireFree,
  requireUndeclared,
  say,
} from './place.mjs';

/** Adds a mail: its declaration, its texts, both views, and a sample for the tests. @throws Refused */
export async function makeMail(tree, [module, name], { singular }) {
  const names = await place(tree, module, singular);
  const { plural } = names;
  const mail = additionNames(name, 'mail', 'invoice_sent');
  const [html, text] = ['hbs', 'text.hbs'].map(
    (ending) => `views/${plural}/mail/${mail.kebab}.${ending}`,
  );
  requireFree(tree, html, text);
  requireUndeclared(tree, 'mails', mail.kebab);
  const key = `${plural}.mail.${mail.snake}`;
  tree.write(html, htmlView(key));
  tree.write(text, textView(key));
  declare(tree, names, 'mails', {
    name: `'${mail.kebab}'`,
    initializer: 'mail<{ name: string; url: string }>()',
    imports: [['../core/features/mail.js', 'mail']],
  });
  say(
    tree,
    names,
    Object.fromEntries(
      Object.entries(textsOf(mail)).map(([language, texts]) => [
        language,
        { mail: { [mail.snake]: texts } },
      ]),
    ),
  );
  askForReview(tree, plural);
  editCode(tree, samples.path(names), (code) => {
    const all = code.constant('samples');
    const entry = {
      name: `'${mail.kebab}'`,
      initializer: `{ name: 'Roof', url: 'http://atrium.test/${plural}/1/' }`,
    };
    const existing = all.getProperty('mails')?.getInitializer();
    if (existing) existing.addPropertyAssignment(entry);
    else {
      all.addPropertyAssignment({
        name: 'mails',
        initializer: `{ ${entry.name}: ${entry.initializer} }`,
      });
    }
  });
}

function htmlView(key) {
  return `{{#> mail/layout preheader=(t "${key}.text" name=name)}}
{{> mail/greeting}}
{{> mail/paragraph text=(t "${key}.text" name=name)}}
{{> mail/button label=(t "${key}.button")}}
{{/mail/layout}}
`;
}

function textView(key) {
  return `{{> mail/greeting}}


{{t "${key}.text" name=name}}

{{> mail/link label=(t "${key}.button")}}


{{> mail/ending}}
`;
}

function textsOf({ spoken }) {
  return {
    en: { subject: `${spoken}: {name}`, text: `${spoken}: {name}.`, button: 'Open it' },
    nl: { subject: `${spoken}: {name}`, text: `${spoken}: {name}.`, button: 'Openen' },
    fr: { subject: `${spoken}\u00a0: {name}`, text: `${spoken}\u00a0: {name}.`, button: 'Ouvrir' },
  };
}
