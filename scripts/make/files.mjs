import { Code } from './code.mjs';
import { feature } from './parts/feature.mjs';
import { MissingAnchor, Refused } from './refused.mjs';
import { wordOf } from './words.mjs';

const LANGUAGES = ['en', 'nl', 'fr'];

/** Adds a field of the kind file to the declaration, the texts and a test. @throws MissingAnchor */
export function addFile(tree, { name, word }, names) {
  const { plural, table } = names;
  const label = `'${plural}.fields.${name}'`;
  edit(tree, feature.path(names), (code) => {
    const subject = subjectOf(code, names, `files: { ${name}: ${label} }`);
    if (!subject.getProperty('has')?.getText().includes("'attachments'")) {
      throw new MissingAnchor(code.path, `has of subjects.${table}`, "has: ['attachments']");
    }
    const files = subject.getProperty('files')?.getInitializer();
    if (files) files.addPropertyAssignment({ name, initializer: label });
    else subject.addPropertyAssignment({ name: 'files', initializer: `{ ${name}: ${label} }` });
  });
  for (const language of LANGUAGES) {
    const path = `i18n/${language}/${plural}.json`;
    const texts = JSON.parse(tree.read(path));
    texts.fields[name] = wordOf(word, language);
    tree.write(path, `${JSON.stringify(texts, null, 2)}\n`);
  }
  const path = `test/${plural}/files.test.ts`;
  if (!tree.exists(path)) tree.write(path, filesTest(names, name));
  else edit(tree, path, (code) => code.array(code.constant('FILES')).addElement(`'${name}'`));
}

/** @throws Refused where the rows have a file of that name */
export function requireNoFile(tree, name, names) {
  const path = feature.path(names);
  const declared = new Code(path, tree.read(path)).constant(names.variables).getArguments()[0];
  const subject = declared.getProperty('subjects')?.getInitializer().getProperty(names.table);
  const files = subject?.getInitializer().getProperty('files')?.getInitializer();
  if (!files?.getProperty(name)) return;
  throw new Refused(`${path} has a file "${name}" already: choose another name.`);
}

function subjectOf(code, { variables, table }, paste) {
  const declared = code.constant(variables).getArguments()[0];
  const subject = declared.getProperty('subjects')?.getInitializer().getProperty(table);
  return code.found(subject, `subjects.${table}`, paste).getInitializer();
}

function edit(tree, path, change) {
  const code = new Code(path, tree.read(path));
  change(code);
  tree.write(path, code.text);
}

/** `test/<module>/files.test.ts`. */
function filesTest({ plural, table, resource }, name) {
  return `import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { added } from './${plural}.samples.js';

/** What each row has one file of. */
const FILES = ['${name}'];

let atrium: TestApp;
let anna: Person;
let client: ApiClient;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  client = atrium.api().showing(await atrium.people.keyOf('Acme', ['attachments:read', '${resource}:read']));
});
afterAll(() => atrium.stop());

test.each(FILES)('the file %s is added, takes the place of another, and is saved', async (field) => {
  const { browser } = anna;
  const id = await added(anna, field);
  const page = \`/${plural}/\${id}/\`;
  for (const name of ['draft.pdf', 'final.pdf']) {
    await browser.visit(page);
    const file = { field: 'file', name, bytes: Buffer.from(name), type: 'application/pdf' };
    const sent = await browser.upload(\`/attachments/on/${table}/\${id}/\`, file, { field });
    expect(sent.location).toBe(page);
  }
  const shown = await browser.visit(page);
  const links = shown.document.querySelectorAll('a[download]');
  expect(links.map((each) => each.textContent)).toEqual(['final.pdf']);
  const { response } = await browser.visit(links[0]!.getAttribute('href')!);
  expect([response.type, String(response.body)]).toEqual(['application/pdf', 'final.pdf']);
  const { body } = await client.get(\`/attachments?record_type=${table}&record_id=\${id}\`);
  expect(body.items).toEqual([expect.objectContaining({ field, name: 'final.pdf' })]);
});
`;
}
