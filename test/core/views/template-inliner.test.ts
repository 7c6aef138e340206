import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Handlebars from 'handlebars';
import { inlinePartials } from '../../../src/core/views/template-inliner.js';
import { createViewEngine } from '../../../src/core/views/view-engine.js';

type Files = Record<string, string>;

const shell = { locale: 'nl', csrfToken: '', path: '/', flashes: [] };
const SOURCES = {
  translate: (key: string, { lang, args }: { lang: string; args?: object }) =>
    `${key}<${lang}>${args ? JSON.stringify(args) : ''}`,
  asset: (name: string) => `/assets/${name}`,
};

/** What our engine makes of `page`. */
function oursOf(files: Files, model: object): Promise<string> {
  const viewsDir = mkdtempSync(join(tmpdir(), 'views-'));
  for (const [name, text] of Object.entries(files)) {
    const file = join(viewsDir, `${name}.hbs`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const engine = createViewEngine({ viewsDirs: [viewsDir], cache: true, ...SOURCES });
  return engine.render('page', { shell, ...model });
}

/** The same, and what Handlebars does with partials it calls. */
async function both(files: Files, model: object): Promise<[ours: string, plain: string]> {
  const handlebars = Handlebars.create();
  handlebars.registerHelper({
    t: (key: string, { hash }: { hash: object }) =>
      SOURCES.translate(key, {
        lang: shell.locale,
        ...(Object.keys(hash).length ? { args: hash } : {}),
      }),
    concat: (...all: unknown[]) => all.slice(0, -1).join(''),
    eq: (a: unknown, b: unknown) => a === b,
    not: (a: unknown) => !a,
    or: (...all: unknown[]) => all.slice(0, -1).find(Boolean),
  });
  for (const [name, text] of Object.entries(files)) handlebars.registerPartial(name, text.trim());
  const plain = handlebars.compile(files.page!.trim(), { preventIndent: true });
  return [await oursOf(files, model), plain({ shell, ...model })];
}

const TEMPLATES: Array<[what: string, files: Files, model: object, part: string]> = [
  ['a partial', { page: '<p>\n  {{> a}}\n</p>', a: '{{name}}' }, { name: 'A & B' }, 'A &amp; B'],
  [
    'a partial that is given names',
    {
      page: '{{> a title=(t "x.y" name=who) many=3 of=who on=true}}',
      a: '{{title}}|{{many}}|{{of}}|{{on}}|{{who}}|{{this.title}}',
    },
    { who: 'Éva', title: 'not this' },
    'x.y&lt;nl&gt;',
  ],
  [
    'names in lists, and those around them',
    {
      page: '{{#each rows}}{{> row title=name all=../rows}}{{/each}}',
      row: '{{#each cells}}{{@index}}{{../title}}{{../all.length}}{{../../page}}{{this}};{{/each}}{{title}}',
    },
    { rows: [{ name: 'a', cells: [1, 2] }, { name: 'b' }], cells: [9] },
    'a',
  ],
  [
    'a layout in a layout, whose blocks see its names',
    {
      page: '{{#> inner title=heading}}{{#each list}}{{../title}}-{{this}} {{/each}}{{extra}}{{/inner}}',
      inner: '<i>{{#> outer extra="ex<tra"}}[{{> @partial-block}}]{{/outer}}</i>',
      outer: '<o title="{{title}}">{{> @partial-block}}{{{extra}}}</o>',
    },
    { heading: 'Head', list: ['x', 'y'] },
    'Head-x Head-y',
  ],
  [
    'a block that may be left out',
    { page: '{{> a}}{{#> a}}mine{{/a}}', a: '{{#> @partial-block}}its own{{/@partial-block}};' },
    {},
    'its own;mine;',
  ],
  [
    'conditions that are known, and others',
    {
      page: '{{> a is=true name=""}}{{> a is=false name="n" some=list}}{{> a is=null}}',
      a: '{{#if is}}yes{{else}}no{{/if}}{{#unless is}}!{{/unless}}{{#if name}}{{name}}{{/if}}{{#if some}}some{{else if (not is)}}none{{/if}}{{is.deep}}',
    },
    { list: [], name: 'outer' },
    'yes',
  ],
  [
    'an empty list, and the words for it',
    {
      page: '{{#> a word="w"}}{{#each none}}x{{else}}{{word}}{{/each}}{{/a}}',
      a: '{{> @partial-block}}',
    },
    { none: [] },
    'w',
  ],
  [
    'with, and a partial given what is in it',
    {
      page: '{{#with who}}{{> a first=name last=../last}}{{else}}nobody{{/with}}{{#with gone}}x{{else}}nobody{{/with}}',
      a: '{{first}} {{last}} {{#with pet}}{{name}} of {{../first}}{{/with}}',
    },
    { who: { name: 'An', pet: { name: 'Rex' } }, last: 'Vos' },
    'Rex of An',
  ],
  [
    'a name that is a helper too',
    { page: '{{> a t="mine" size="big"}}', a: '{{this.t}} {{t "k"}} {{this.size}} {{t size}}' },
    {},
    'mine k&lt;nl&gt; big big&lt;nl&gt;',
  ],
  [
    'white space around partials and blocks on lines of their own',
    {
      page: '<ul>\n  {{#each xs}}\n  {{> li}}\n  {{/each}}\n  {{> li}}\n</ul>\n',
      li: '<li>\n  {{#if this}}\n  {{this}}\n  {{/if}}\n</li>\n',
    },
    { xs: ['a', 'b'] },
    '<li>',
  ],
  [
    'what can only be chosen at run time',
    { page: '{{> (concat "a" which) x="1"}}{{> b}}', a1: 'one {{x}}', b: 'b' },
    { which: 1 },
    'one 1b',
  ],
  [
    'a partial of one thing',
    {
      page: '{{> a thing}}{{> b thing=thing}}',
      a: '{{name}}',
      b: '{{thing.name}}{{#with this}}{{thing.name}}{{/with}}',
    },
    { thing: { name: 'T' } },
    'TTT',
  ],
];

test.each(TEMPLATES)('%s: renders as in Handlebars', async (_what, files, model, part) => {
  const [ours, plain] = await both(files, model);
  expect(ours).toContain(part);
  expect(ours).toBe(plain.trimStart());
});

test('a recursive partial is rendered to its end', async () => {
  const files = { page: '{{> a}}', a: '{{name}}{{#each inner}}({{> a}}){{/each}}' };
  const [ours] = await both(files, { name: 'a', inner: [{ name: 'b', inner: [{ name: 'c' }] }] });
  expect(ours).toBe('a(b(c))');
});

test('every page and mail can be inlined', () => {
  const files = readdirSync('views', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.hbs'),
  );
  const parse = (name: string) =>
    Handlebars.parse(readFileSync(join('views', name), 'utf8').trim());
  const pages = files.filter((name) => !/(^|\/)(partials|layouts)\/|mail\/layout/.test(name));
  expect(pages.length).toBeGreaterThan(50);
  for (const page of pages) {
    const extname = page.endsWith('.text.hbs') ? '.text.hbs' : '.hbs';
    const flat = inlinePartials(parse(page), {
      find: (name) => {
        const found = [name, `partials/${name}`].find((each) => files.includes(each + extname));
        return found === undefined ? undefined : parse(found + extname);
      },
      fold: () => undefined,
      escape: String,
    });
    expect(JSON.stringify(flat)).not.toContain('"PartialStatement"');
  }
});

describe('a field that is named as a helper', () => {
  const words = ['number', 'day', 'flag', 'size', 'money', 'join', 'lookup', 'log', 't'];
  const model = Object.fromEntries(words.map((word) => [word, `<${word} of the row>`]));
  const shown = words.map((word) => `&lt;${word} of the row&gt;`).join(' ');
  const all = words.map((word) => `{{${word}}}`).join(' ');

  test.each<[where: string, files: Files, model: object]>([
    ['on a page', { page: all }, model],
    ['in a partial', { page: '{{> row}}', row: all }, model],
    ['in a list', { page: '{{#each rows}}{{> row}}{{/each}}', row: all }, { rows: [model] }],
    ['in a condition', { page: `{{#if size}}${all}{{/if}}` }, model],
    ['in a template that is not laid flat', { page: '{{> row one}}', row: all }, { one: model }],
    ['in a list with names', { page: `{{#each rows as |row|}}${all}{{/each}}` }, { rows: [model] }],
  ])('is shown %s', async (_, files, whole) => {
    expect(await oursOf(files, whole)).toBe(shown);
  });

  test('that a partial is given is shown, and the helper is there beside it', async () => {
    const files = { page: '{{> row number=total}} {{number 1234}}', row: '{{number}}' };
    expect(await oursOf(files, { total: 'R-7' })).toBe('R-7 1.234');
  });
});
