import { Code, loadParser } from '../code.mjs';
import { moduleNames, capital, camelCase, spoken } from '../names.mjs';
import { feature } from '../parts/feature.mjs';
import { nest } from '../parts/logic.mjs';
import { Refused } from '../refused.mjs';

const LANGUAGES = ['en', 'nl', 'fr'];

/** The module that is added to. @throws Refused where there is none */
export async function place(tree, plural, singular) {
  if (!plural) throw new Refused('Name the module, such as invoices.');
  const names = moduleNames(plural, singular);
  if (!tree.exists(feature.path(names)))
    throw new Refused(`There is no module src/${names.plural}.`);
  await loadParser();
  return names;
}

/**
 * The spellings of what is added: `send_reminders` or `send-reminders`.
 * @throws Refused where it is no name, `what` says of what
 */
export function additionNames(name, what, example) {
  if (!name) throw new Refused(`Name the ${what}, such as ${example}.`);
  const snake = name.replaceAll('-', '_');
  if (!/^[a-z]{2,}(_[a-z]+)*$/.test(snake) || snake.length > 40) {
    throw new Refused(
      `"${name}" cannot name a ${what}: write up to 40 small letters, with _ between words, such as ${example}.`,
    );
  }
  return {
    snake,
    kebab: snake.replaceAll('_', '-'),
    Pascal: capital(camelCase(snake)),
    spoken: spoken(snake),
  };
}

/** @throws Refused where one of these files is there */
export function requireFree(tree, ...paths) {
  const taken = paths.find((path) => tree.exists(path));
  if (taken) throw new Refused(`${taken} exists already: choose another name.`);
}

/**
 * Names of mails and queues are those of the whole product.
 * @throws Refused where a feature declares `name` under `part` already
 */
export function requireUndeclared(tree, part, name) {
  const features = tree.list('src').filter((path) => path.endsWith('.feature.ts'));
  const taken = features.find((path) => declaredIn(tree, path, part).includes(name));
  if (taken) throw new Refused(`${taken} declares "${name}" under ${part}: choose another name.`);
}

/** The keys of an object that a feature declares. */
function declaredIn(tree, path, part) {
  const { file } = new Code(path, tree.read(path));
  return file
    .getVariableDeclarations()
    .map((each) => each.getInitializer()?.getArguments?.()[0]?.getProperty?.(part))
    .flatMap((each) => each?.getInitializer()?.getProperties?.() ?? [])
    .map((each) => each.getName?.().replace(/^'|'$/g, ''));
}

/** Edits a file of TypeScript. */
export function editCode(tree, path, change) {
  const code = new Code(path, tree.read(path));
  change(code);
  tree.write(path, code.text);
}

/** Adds an entry to a list or an object that the feature declares, which is made where it is missing. */
export function declare(tree, names, property, entry) {
  editCode(tree, feature.path(names), (code) => {
    const declared = code.constant(names.variables).getArguments()[0];
    const isList = !entry.name;
    const existing = declared.getProperty(property)?.getInitializer();
    if (!existing) {
      const initializer = isList ? `[${entry.initializer}]` : `{ ${written(entry)} }`;
      declared.addPropertyAssignment({ name: property, initializer });
    } else if (isList) existing.addElement(entry.initializer);
    else existing.addPropertyAssignment(entry);
    for (const [from, name] of entry.imports ?? []) code.import(from, name);
  });
}

function written({ name, initializer }) {
  return `${name}: ${initializer}`;
}

/** Adds a class to a list of the Nest module. */
export function provide(tree, names, list, [name, from]) {
  editCode(tree, nest.path(names), (code) => {
    const [metadata] = code
      .class(`${names.Plural}Module`)
      .getDecoratorOrThrow('Module')
      .getArguments();
    const existing = metadata.getProperty(list)?.getInitializer();
    if (!existing) metadata.addPropertyAssignment({ name: list, initializer: `[${name}]` });
    else if (!existing.getElements().some((each) => each.getText() === name)) {
      existing.addElement(name);
    }
    code.import(from, name);
  });
}

/** Adds texts of the module: by language, an object that is merged in. */
export function say(tree, { plural }, texts) {
  for (const language of LANGUAGES) {
    const path = `i18n/${language}/${plural}.json`;
    const all = merged(JSON.parse(tree.read(path)), texts[language]);
    tree.write(path, `${JSON.stringify(all, null, 2)}\n`);
  }
}

function merged(one, other) {
  if (typeof one !== 'object' || typeof other !== 'object') return other;
  const result = { ...one };
  for (const [name, value] of Object.entries(other)) {
    result[name] = name in one ? merged(one[name], value) : value;
  }
  return result;
}
