import { type Catalogues, catalogueOf, compare, compareOverrides } from './catalogues.js';
import { compareUses } from './uses.js';
import { hardCodedText } from './visible-text.js';

describe('The comparison of languages finds', () => {
  const languages = (texts: Record<string, unknown>): Catalogues =>
    Object.fromEntries(
      Object.entries(texts).map(([language, auth]) => [language, catalogueOf({ auth })]),
    );

  test('nothing where all is well', () => {
    const well = {
      en: { hi: 'Hi {name}', members: { one: '{count} member', other: '{count} members' } },
      nl: { hi: 'Dag {name}', members: { one: '{count} lid', other: '{count} leden' } },
      fr: { hi: 'Salut {name}', members: { one: '{count} membre', other: '{count} membres' } },
      'nl-BE': { hi: 'Hallo {name}' },
      'fr-BE': {},
    };
    expect(compare(languages(well))).toEqual([]);
  });

  test.each([
    ['a missing key', { en: { a: 'A', b: 'B' }, nl: { a: 'A' }, fr: { a: 'A', b: 'B' } }],
    ['a key too many', { en: { a: 'A' }, nl: { a: 'A' }, fr: { a: 'A', b: 'B' } }],
    ['a regional key without source', { en: {}, nl: {}, fr: {}, 'nl-BE': { b: 'B' } }],
    ['an empty text', { en: { a: 'A' }, nl: { a: ' ' }, fr: { a: 'A' } }],
    ['another name', { en: { a: '{name}' }, nl: { a: '{naam}' }, fr: { a: '{name}' } }],
    [
      'another name in a region',
      { en: { a: '{x}' }, nl: { a: '{x}' }, fr: { a: '{x}' }, 'fr-BE': { a: 'y' } },
    ],
    ['a familiar form of address', { en: { a: 'A' }, nl: { a: 'Je mail' }, fr: { a: 'A' } }],
    ['a space that may break', { en: { a: 'A?' }, nl: { a: 'A?' }, fr: { a: 'A ?' } }],
    [
      'plural forms in one language only',
      { en: { a: { one: '1', other: 'n' } }, nl: { a: 'n' }, fr: { a: { one: '1', other: 'n' } } },
    ],
    [
      'a missing form',
      {
        en: { a: { one: '1', other: 'n' } },
        nl: { a: { other: 'n' } },
        fr: { a: { one: '1', other: 'n' } },
      },
    ],
    [
      'a form that the language does not have',
      {
        en: { a: { one: '1', other: 'n' } },
        nl: { a: { one: '1', few: '2', other: 'n' } },
        fr: { a: { one: '1', many: 'm', other: 'n' } },
      },
    ],
  ])('%s', (_, texts) => {
    expect(compare(languages(texts))).toHaveLength(1);
  });

  test('a text of the brand that replaces none, is empty, or names what nobody fills in', () => {
    const theirs = languages({
      en: { hi: 'Hi {name}', bye: 'Bye' },
      nl: { hi: 'Dag {name}', bye: 'Dag' },
    });
    const found = (texts: object) => compareOverrides(languages({ en: texts }), theirs);
    expect(found({ hi: 'Welcome to {site}, {name}', bye: 'See you at {site}' })).toEqual([]);
    expect(found({ hello: 'Hello' })).toEqual([expect.stringContaining('does not exist')]);
    expect(found({ bye: { one: 'Bye', other: 'Byes' } })).toEqual([
      expect.stringContaining('gets forms that nobody reads'),
    ]);
    expect(found({ bye: ' ' })).toEqual([expect.stringContaining('is empty')]);
    expect(found({ hi: 'Hi {person}' })).toEqual([
      'en: "auth.hi" names {person}, which nobody fills in',
    ]);
  });
});

describe('The comparison of uses', () => {
  const catalogue = catalogueOf({
    auth: { title: 'T', roles: { admin: 'A', member: 'M' }, errors: { taken: 'X' } },
  });
  const problems = (text: string, path = 'src/x.ts') => compareUses([{ path, text }], catalogue);
  const rest = `'auth.title'; "auth.errors.taken";`;

  test.each([
    ['a template string', `${rest} t(\`auth.roles.\${role}\`)`],
    ['the beginning of a key', `${rest} {{t (concat "auth.roles." role)}}`],
    ['a comment', `${rest} // i18n-uses: auth.roles.*`],
    ['a Handlebars comment', `${rest} {{!-- i18n-uses: auth.roles.admin, auth.roles.member --}}`],
    ['a string after an apostrophe', `// it's\n${rest} 'auth.roles.admin' 'auth.roles.member'`],
  ])('follows %s', (_, text) => {
    expect(problems(text)).toEqual([]);
  });

  test('finds a key that nobody uses', () => {
    expect(problems(`'auth.title' \`auth.roles.\${role}\``)).toEqual([
      '"auth.errors.taken" is used nowhere',
    ]);
  });

  test('finds a key that does not exist, with its place', () => {
    const text = `${rest}\n{{t "auth.roles.admin"}}{{t "auth.roles.member"}}{{t "auth.subtitle"}}`;
    expect(problems(text, 'views/x.hbs')).toEqual([
      'views/x.hbs:2: "auth.subtitle" does not exist',
    ]);
  });

  test('finds a dynamic key that leads nowhere', () => {
    const text = `${rest} // i18n-uses: auth.roles.*\nt(\`auth.kinds.\${kind}\`)`;
    expect(problems(text)).toEqual(['src/x.ts:2: "auth.kinds.*" leads to no key']);
  });

  test('believes a comment of the same file that a string is no key', () => {
    const used = { path: 'src/x.ts', text: `${rest} \`auth.roles.\${role}\`` };
    const event = `'auth.signed_in'`;
    const declared = { path: 'src/y.ts', text: `${event} // i18n-ignore: auth.signed_*` };
    expect(compareUses([used, declared], catalogue)).toEqual([]);
    expect(compareUses([used, declared, { path: 'src/z.ts', text: event }], catalogue)).toEqual([
      'src/z.ts:1: "auth.signed_in" does not exist',
    ]);
  });
});

describe('The search for words in views', () => {
  const found = (template: string, path = 'views/x.hbs') => hardCodedText(path, template);

  test.each([
    ['keys and signs', '<p class="font-bold">{{t "a.b"}} · {{n}} / 10 &nbsp;&middot;</p>'],
    ['attributes that are not spoken', '<a href="/login/" {{#if x}}rel="next"{{/if}}>{{y}}</a>'],
    [
      'scripts, styles and comments',
      '<style>p{x:y}</style><script>go()</script><!-- so -->{{! x }}',
    ],
    ['what is marked translate="no"', '<code translate="no">npm <code>ci</code> now</code>'],
    ['the name of the product', '<title>{{title}} – {{shell.siteName}}</title>'],
    ['a partial of attributes', '{{#if a}} aria-describedby="{{id}}-hint"{{/if}} required'],
    ['keys as arguments', '{{> field label=(t "a.b") hint="a.c"}}{{#> card title="a.b"}}{{/card}}'],
    [
      'a condition inside a tag',
      '<input {{#if (eq a "b")}}aria-invalid="true"{{/if}} value="{{v}}">',
    ],
  ])('lets pass %s', (_, template) => {
    expect(found(template)).toEqual([]);
  });

  test.each([
    ['content', '\n<p>Welcome</p>', '2: "Welcome"'],
    ['words between values', '<p>{{n}} members</p>', '1: "members"'],
    ['words in a block', '{{#if a}}\n<b>{{b}}</b>\n{{else}}\n  No\n{{/if}}', '4: "No"'],
    ['words in a partial block', '{{#> layouts/app}}\nHello\n{{/layouts/app}}', '2: "Hello"'],
    ['an attribute', '<img src="a.png"\n alt="Logo">', '2: "alt="Logo""'],
    ['half an attribute', '<a title="Go to {{x}}">{{y}}</a>', '1: "title="Go to …""'],
    ['a spoken one among attributes', 'id="{{id}}" title="Close"', '1: "title="Close""'],
    ['a label', '<button aria-label="Close">×</button>', '1: "aria-label="Close""'],
    ['the text of a button', '<input type="submit" value="Send">', '1: "value="Send""'],
    ['an argument of a partial', '{{> field name="email" label="E-mail"}}', '1: "label="E-mail""'],
  ])('finds %s', (_, template, place) => {
    expect(found(template)).toEqual([`views/x.hbs:${place}`]);
  });

  test('finds words in the text of a mail', () => {
    expect(found('{{t "a.b"}}\n<Hi> {{name}}', 'views/mail/x.text.hbs')).toHaveLength(1);
  });
});
