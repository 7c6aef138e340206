import { capital } from '../names.mjs';
import { dropSamples } from './sample-data.mjs';
import { DISPLAY_NAMES } from '../kinds/markup.mjs';

/** `src/<module>/<module>.feature.ts`: the declaration. */
export const feature = {
  path: ({ plural }) => `src/${plural}/${plural}.feature.ts`,

  strip(code, { names, writers, titleName, hasSamples }) {
    const statement = code.file.getVariableStatementOrThrow(names.variables);
    statement.getJsDocs().forEach((each) => each.remove());
    statement.addJsDoc(`${capital(names.many)} of an organisation.`);
    const declared = declaration(code, names);
    declared.getProperty('limits')?.remove();
    declared.getProperty('demo')?.remove();
    declared.getProperty('agenda')?.remove();
    code.file.getVariableStatement('DUE')?.remove();
    const fields = code.property(declared, 'audit', 'fields');
    fields.getProperties().forEach((each) => each.remove());
    const columns = code.property(declared, 'exportParts', names.resource, 'columns');
    columns.replaceWithText('rowColumns()');
    code
      .property(declared, 'subjects', names.table)
      .getProperty('title')
      .setInitializer(`'${titleName}'`);
    if (hasSamples) {
      code
        .property(declared, 'sampleData', names.table)
        .getProperty('title')
        .setInitializer(`'${titleName}'`);
    } else dropSamples(code, names);
    const [link] = code.array(code.property(declared, 'nav')).getElements();
    link.getProperty('isInDock')?.remove();
    if (writers !== 'admin') return;
    code
      .array(code.property(declared, 'permissions', `${names.resource}:write`, 'roles'))
      .replaceWithText("['admin']");
    const [action] = code.array(code.property(declared, 'dashboardActions')).getElements();
    action.addPropertyAssignment({ name: 'audience', initializer: "'admin'" });
  },

  add(code, field, { names, titleName }) {
    const { kind, name } = field;
    const named = kind.named?.(field);
    if (named) code.import(DISPLAY_NAMES, named);
    const title = kind.titled?.(field, names);
    if (title) {
      code.import(title.uses[1], title.uses[0]);
      if (!title.ids.includes('.')) code.import(title.uses[1], title.ids);
    }
    const declared = declaration(code, names);
    // A number of a sample row would be missing afterwards.
    if (kind.isGiven) declared.getProperty('sampleData')?.remove();
    if (!kind.isGiven) {
      code.property(declared, 'audit', 'fields').addPropertyAssignment({
        name,
        initializer: recorded(field, names),
      });
    }
    exportColumn(code, code.property(declared, 'exportParts', names.resource, 'columns'), name);
    if (kind.hasParent) listUnder(declared, field, names, titleName);
  },
};

/** Lists of columns that modules were made with before `rowColumns` are edited too. */
function exportColumn(code, columns, name) {
  if (columns.getKindName() === 'CallExpression') {
    columns.addArgument(`'${name}'`);
    return;
  }
  const list = code.array(columns);
  const before = list.getElements().findIndex((each) => each.getText() === "'created_at'");
  list.insertElement(before < 0 ? list.getElements().length : before, `'${name}'`);
}

/** The page of the parent lists what belongs to it. */
function listUnder(declared, { name, parent }, { plural, resource, table }, titleName) {
  // Of two lists on one page the second says by which field.
  const second = (one) => one.replace('text:', `subtitle: '${plural}.fields.${name}', text:`);
  const list = `{ of: '${parent.plural}', table: '${table}', column: '${name}', title: '${titleName}',
    href: '/${plural}/', text: '${plural}.title', add: '${plural}.new.open', position: 10,
    reads: '${resource}:read', writes: '${resource}:write', flag: '${resource}' }`;
  const existing = declared.getProperty('childLists');
  const isSecond = existing?.getText().includes(`of: '${parent.plural}'`);
  if (existing) existing.getInitializer().addElement(isSecond ? second(list) : list);
  else declared.addPropertyAssignment({ name: 'childLists', initializer: `[${list}]` });
}

/** How the trail records a field. */
function recorded(field, names) {
  const { plural } = names;
  const { kind } = field;
  if (kind.name === 'choice') return `{ words: '${plural}.${kind.groupOf(field)}' }`;
  if (kind.titled) {
    const { sql, ids } = kind.titled(field, names);
    return `{ titleOf: ${sql}, idsOf: ${ids} }`;
  }
  const named = kind.named?.(field);
  return named ? `{ nameOf: ${named} }` : (kind.audit ?? "'plain'");
}

function declaration(code, { variables }) {
  return code.constant(variables).getArguments()[0];
}

/** `src/features.ts`: the import and the entry. */
export const registration = {
  path: () => 'src/features.ts',

  register(code, { plural, variables }) {
    const from = `./${plural}/${plural}.feature.js`;
    const imports = code.file.getImportDeclarations();
    const isLater = (each) =>
      each.getModuleSpecifierValue().endsWith('.feature.js') &&
      each.getModuleSpecifierValue() > from;
    const at = imports.findIndex(isLater);
    const entry = { moduleSpecifier: from, namedImports: [variables] };
    if (at < 0) code.file.addImportDeclaration(entry);
    else code.file.insertImportDeclaration(imports[at].getChildIndex(), entry);
    const list = code.array(code.constant('FEATURES', `  ${variables},`));
    const health = list.getElements().findIndex((each) => each.getText() === 'health');
    code.found(health < 0 ? undefined : true, 'the entry health of FEATURES', `  ${variables},`);
    list.insertElement(health, variables, { useNewLines: true });
  },

  unregister(code, { plural, variables }) {
    const declared = code.file
      .getImportDeclarations()
      .find((each) => each.getModuleSpecifierValue() === `./${plural}/${plural}.feature.js`);
    // `remove` would take the blank line after the imports with it.
    if (declared) code.file.removeText(declared.getStart(), declared.getEnd() + 1);
    const list = code.array(code.constant('FEATURES'));
    const at = list.getElements().findIndex((each) => each.getText() === variables);
    if (at >= 0) list.removeElement(at);
  },
};
