import { addedOf } from '../kinds/belongs-to.mjs';
import { withArticle } from '../names.mjs';

/** What tests need for fields whose value is a row that has to be there first: `needed` makes those rows. */

const CALLS = ['typed', 'sent'];

/** Fields without whose row there is none. */
export function neededFields(fields) {
  return fields.filter(({ kind, isRequired }) => kind.neededBy && isRequired);
}

/** The samples say how the rows are made, and give them to every value. */
export function needInSamples(code, fields, { one }) {
  const needed = neededFields(fields);
  if (needed.length === 0) return;
  const blank = needed.map(({ name }) => `${name}: ''`).join(', ');
  const made = needed.map((field) => `${field.name}: ${field.kind.neededBy(field)},\n`).join('');
  code.file.insertStatements(code.file.getVariableStatementOrThrow('typed').getChildIndex(), [
    `/** The rows that ${withArticle(one)} cannot be without, by field: blank until \`needed\` has made them. */
const NONE = { ${blank} };
export type Needs = typeof NONE;

/** Makes them for the organisation of an admin. */
export async function needed(admin: Person): Promise<Needs> {
return { ${made} };
}
`,
  ]);
  for (const name of CALLS) {
    const values = code.constant(name);
    values.addParameter({ name: 'needs', initializer: 'NONE' });
    values.getBody().getExpression().addSpreadAssignment({ expression: 'needs' });
  }
  for (const { parent } of needed.filter((field) => field.parent)) {
    const from = `../${parent.plural}/${parent.plural}.samples.js`;
    code.import(from, 'added', false, addedOf(parent));
  }
  passNeeds(code, askForNeeds);
}

/** Tests make the rows once, for the first person they have. */
export function needInTest(code, fields, { plural }) {
  if (neededFields(fields).length === 0) return;
  const from = `./${plural}.samples.js`;
  const first = code.call('beforeAll', 'beforeAll(async () => { … });');
  const made = code.found(
    first
      .getDescendantStatements()
      .find((each) => /^\w+ = await atrium\.people\.adminOf\(/.test(each.getText())),
    'a person in beforeAll',
    'needs = await needed(anna);',
  );
  const person = made.getText().split(' ')[0];
  made.getParent().insertStatements(made.getChildIndex() + 1, `needs = await needed(${person});`);
  passNeeds(code, () => 'needs');
  const at = code.call('beforeAll').getParent().getChildIndex();
  code.file.insertStatements(at, 'let needs: Needs;');
  code.import(from, 'needed');
  code.import(from, 'Needs', true);
}

/** Every `typed('Roof')` within a function is given the rows; what is not is a constant, which has none. */
function passNeeds(code, needsFor) {
  const isOwn = (call) =>
    CALLS.includes(call.getExpression().getText()) && call.getArguments().length === 1;
  const within = code.calls(isOwn).filter((call) => outermost(call));
  const functions = [...new Set(within.map(outermost))];
  // The last first: what stands before stays where it is.
  for (const each of functions.reverse()) needsFor(each);
  for (const call of code.calls(isOwn)) if (outermost(call)) call.addArgument('needs');
}

/** The function of a declaration or a property in which a call stands. */
function outermost(call) {
  return call
    .getAncestors()
    .filter((each) => ['ArrowFunction', 'FunctionDeclaration'].includes(each.getKindName()))
    .at(-1);
}

/** Within a function of the samples: `const needs = await needed(admin);`, with the admin that it is given. */
function askForNeeds(owner) {
  const admin = adminOf(owner);
  const body = owner.getBody();
  if (body.getKindName() === 'Block') {
    owner.insertStatements(0, `const needs = await needed(${admin});`);
  } else {
    body.replaceWithText(`{ const needs = await needed(${admin}); return ${body.getText()}; }`);
  }
}

function adminOf(owner) {
  const [first] = owner.getParameters();
  const names = first.getNameNode();
  if (names.getKindName() === 'ObjectBindingPattern') {
    const taken = names.getElements().map((each) => each.getName());
    if (taken.includes('people')) return 'people.admin';
    if (!taken.includes('admin')) names.replaceWithText(`{ ${['admin', ...taken].join(', ')} }`);
  } else if (!owner.getParameter('admin')) {
    owner.addParameter({ name: 'admin' });
  }
  return 'admin';
}
