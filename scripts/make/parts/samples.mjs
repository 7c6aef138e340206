import { quoted } from '../kinds/markup.mjs';
import { needInSamples, needInTest, neededFields } from './needed.mjs';
import { ownerlessSamples } from './owner.mjs';

/** `test/<module>/<module>.samples.ts`: values of a row, which its tests use. */
export const samples = {
  path: ({ plural }) => `test/${plural}/${plural}.samples.ts`,

  strip(code, { names, title, fields }) {
    for (const name of ['typed', 'sent']) {
      const object = valuesOf(code, name);
      object.getProperties().forEach((each) => each.remove());
    }
    code
      .constant('refused')
      .getProperties()
      .forEach((each) => each.remove());
    ownerlessSamples(code);
    code.constant('title').replaceWithText(quoted(title.name));
    needInSamples(code, fields, names);
  },

  add(code, field, { title }) {
    const { kind, name, isUnique } = field;
    if (kind.isGiven) return;
    const sample = kind.sample(field);
    const isTitle = field === title;
    const value = (part) => {
      if (isTitle) return 'name';
      if (!isUnique) return sample[part];
      const each = kind.unique(sample[part]);
      return kind.name === 'integer' && part === 'typed' ? `String(${each})` : each;
    };
    for (const part of neededFields([field]).length > 0 ? [] : ['typed', 'sent']) {
      addBeforeNeeds(valuesOf(code, part), { name, initializer: value(part) });
    }
    if (sample.refused) {
      code.constant('refused').addPropertyAssignment({ name, initializer: sample.refused });
    }
    const row = kind.refersTo?.(field);
    if (row?.isOfTenant) addIdField(code, name, row.table);
    if (isUnique && !isTitle && !code.file.getVariableStatement('made')) {
      const first = code.file.getVariableStatementOrThrow('typed');
      code.file.insertStatements(first.getChildIndex(), [
        '/** Makes values that must be unique. */\nlet made = 0;\n',
      ]);
    }
  },
};

/** The rows that are needed come last. */
export function addBeforeNeeds(values, entry) {
  const isLast = (each) => each.getKindName() === 'SpreadAssignment';
  const at = values.getProperties().findIndex(isLast);
  values.insertPropertyAssignment(at < 0 ? values.getProperties().length : at, entry);
}

/** The proof of isolation sends the id of a row of another organisation. */
function addIdField(code, name, table) {
  const entry = { name, initializer: quoted(table) };
  const object = code.constant('samples');
  const existing = object.getProperty('idFields');
  if (existing) existing.getInitializer().addPropertyAssignment(entry);
  else
    object.addPropertyAssignment({
      name: 'idFields',
      initializer: `{ ${name}: ${entry.initializer} }`,
    });
}

export function valuesOf(code, name) {
  const body = code.constant(name).getBody();
  return body.getExpression();
}

/** Tests that are about rows of any fields. */
const copied = (name) => ({
  path: ({ plural }) => `test/${plural}/${name}.test.ts`,
  strip(code, { names, fields }) {
    needInTest(code, fields, names);
  },
});

export const tests = [copied('lifecycle'), copied('two-organisations'), copied('csv')];
