import { DISPLAY_NAMES } from '../kinds/markup.mjs';
import { ownerlessEditing, ownerlessModule, ownerlessPages, ownerlessService } from './owner.mjs';

const CONTEXT = '../core/context/request-context.js';
const IN_PLACE = '../core/http/forms/in-place.js';

/** Parts that know the title of a row, and nothing else of its fields. */

/** `src/<module>/<module>.service.ts`: without the limit that the template's rows have. */
export const service = {
  path: ({ plural }) => `src/${plural}/${plural}.service.ts`,

  strip(code, { names, title }) {
    const { Plural, resource } = names;
    const owner = code.class(`${Plural}Service`);
    owner.getMethod('onModuleInit')?.remove();
    ownerlessService(code, names);
    owner
      .getImplements()
      .filter((each) => each.getText() === 'OnModuleInit')
      .forEach((each) => owner.removeImplements(each));
    owner.getConstructors()[0]?.getParameter('entitlements')?.remove();
    for (const method of ['create', 'restore']) {
      const edited = () => code.method(`${Plural}Service`, method);
      code.replaceIn(edited(), `await this.entitlements.requireRoom('${resource}');`, '');
      edited()
        .getJsDocs()
        .forEach((each) => each.remove());
    }
    owner.getMethodOrThrow('restore').addJsDoc('@throws DomainError `not_found`');
    code.renameStrings('name', title.name);
    if (title.property === 'name') return;
    for (const method of ['find', 'record']) {
      const renamed = `{ id, ${title.property}: name }`;
      code.replaceIn(code.method(`${Plural}Service`, method), '{ id, name }', renamed);
    }
  },

  /** What may be chosen is asked in the same unit of work; what was chosen before may stay. */
  add(code, field, { names }) {
    const { offers } = field.kind;
    if (!offers?.require) return;
    const owner = `${names.Plural}Service`;
    const entry = `await ${offers.require(field, names)};`;
    take(code, code.class(owner, entry), offers);
    use(code, offers, field, names);
    if (!code.class(owner).getMethod('requireChosen')) addRequireChosen(code, owner, names);
    code.method(owner, 'requireChosen').addStatements(entry);
  },
};

function addRequireChosen(code, owner, { variable, variables, Singular }) {
  const edit = (method, anchor, before) =>
    code.replaceIn(code.method(owner, method), anchor, `${before}\n      ${anchor}`, before);
  edit('create', `const ${variable} = await`, 'await this.requireChosen(details);');
  edit(
    'change',
    `await this.${variables}.save(${variable});`,
    `await this.requireChosen(${variable}.details, before);`,
  );
  code
    .class(owner)
    .addMember(
      `/** What is chosen anew has to be there. @throws DomainError \`invalid\` */\nprivate async requireChosen(details: ${Singular}Details, before?: ${Singular}Details): Promise<void> {\n}`,
    );
}

function use(code, { uses }, field, names) {
  if (!uses) return;
  const [name, from] = uses(field, names);
  code.import(from, name);
}

/** A parameter of the constructor. */
function take(code, owner, { as, service: [type, from] }) {
  const [taken] = owner.getConstructors();
  if (taken.getParameter(as)) return;
  taken.addParameter({ name: as, type, scope: 'private', isReadonly: true });
  code.import(from, type);
}

/** `src/<module>/<module>.module.ts`: names, and the modules whose rows are chosen. */
export const nest = {
  path: ({ plural }) => `src/${plural}/${plural}.module.ts`,

  strip(code, { names }) {
    ownerlessModule(code, names);
  },

  add(code, { kind }, { names }) {
    if (!kind.offers?.module) return;
    const [name, from] = kind.offers.module;
    const [declared] = code.class(`${names.Plural}Module`, name).getDecorators()[0].getArguments();
    const imports = code.array(code.property(declared, 'imports'));
    if (imports.getElements().some((each) => each.getText() === name)) return;
    imports.addElement(name);
    code.import(from, name);
  },
};

/** `src/<module>/<row>.presenter.ts`: the paths of the list name its order. */
export const presenter = {
  path: ({ plural, singular }) => `src/${plural}/${singular}.presenter.ts`,
  strip(code, { title }) {
    code.renameStrings('name', title.name);
  },
  add(code, { kind, property }, { names }) {
    if (kind.isGiven) present(code, `present${names.Singular}`, property);
  },
};

/** What is no part of the details is presented beside them. */
export function present(code, name, property, as = property) {
  const edited = () => code.function(name, property);
  code.replaceIn(edited(), '{ id, details,', `{ id, ${property}, details,`);
  const value = as === property ? property : `${as}: ${property}`;
  code.replaceIn(edited(), 'return { id, ', `return { id, ${value}, `);
}

/** `src/<module>/<module>.api.controller.ts`. */
export const api = {
  path: ({ plural }) => `src/${plural}/${plural}.api.controller.ts`,
  strip(code, { names, title, fields, hasStatus }) {
    const { SINGULAR } = names;
    if (!hasStatus) code.dropSpreads(`${SINGULAR}_STATUSES`);
    code.renameStrings('name', title.name);
    const searched = fields.filter(
      (field) => field === title || field.isSearchable || field.kind.isGiven,
    );
    const spoken = searched.map(({ word }) => word.replaceAll('_', ' ')).join(', ');
    code.renameStrings('Part of the name or the description', `Part of: ${spoken}`);
  },
};

/** `src/<module>/<module>.csv.controller.ts`: exports and imports. */
export const csv = {
  path: ({ plural }) => `src/${plural}/${plural}.csv.controller.ts`,
  add(code, { kind, name }) {
    if (!kind.isGiven) return;
    code.constant('ROWS').addPropertyAssignment({ name: 'given', initializer: `['${name}']` });
  },
};

/** `src/<module>/<row>.admin.ts`: the back office. */
export const admin = {
  path: ({ plural, singular }) => `src/${plural}/${singular}.admin.ts`,

  strip(code, { names, title, fields }) {
    const { Singular } = names;
    const owner = code.class(`${Singular}Admin`);
    owner.getPropertyOrThrow('title').setInitializer(`'${title.property}'`);
    owner.getPropertyOrThrow('search').setInitializer(`'${title.property}'`);
    owner
      .getPropertyOrThrow('list')
      .setInitializer(`['tenantId', 'isActive', 'createdAt'] as const`);
    owner
      .getPropertyOrThrow('orders')
      .setInitializer(
        `{ createdAt: { type: 'time', descending: true }, ${title.property}: { type: 'text', fold: 'app_search_text' } } as const`,
      );
    if (!fields.some(({ name }) => name === 'status')) owner.getProperty('filters')?.remove();
    owner.getProperty('words')?.remove();
    ownerlessEditing(owner);
    if (fields.some(({ kind }) => kind.isOfOrganisation)) owner.getProperty('editing')?.remove();
    code.pruneImports();
  },

  add(code, field, { names }) {
    const { kind, property } = field;
    const owner = code.class(`${names.Singular}Admin`);
    if (kind.isOfOrganisation) owner.getProperty('editing')?.remove();
    if (kind.named?.(field)) nameInWords(code, owner, field);
    if (kind.name !== 'choice' && !kind.isGiven) return;
    const list = code.array(owner.getPropertyOrThrow('list'));
    if (list.getElements().length < 6) list.insertElement(1, `'${property}'`);
    if (kind.name !== 'choice') return;
    const constant = `${names.SINGULAR}_${kind.groupOf(field).toUpperCase()}`;
    const words = owner.getProperty('words');
    if (words) {
      words
        .getInitializerOrThrow()
        .addPropertyAssignment({ name: property, initializer: constant });
    } else {
      const after = owner.getPropertyOrThrow('listedUnder').getChildIndex();
      owner.insertProperty(after, {
        name: 'words',
        hasOverrideKeyword: true,
        isReadonly: true,
        initializer: `{ ${property}: ${constant} }`,
      });
    }
    code.import(`./${names.singular}.entity.js`, constant);
  },
};

/** Staff read a code by its name. */
function nameInWords(code, owner, field) {
  const { property } = field;
  const named = field.kind.named(field);
  const initializer = `(code: unknown) => ${named}(String(code), currentContext().locale)`;
  const words = owner.getProperty('inWords');
  if (words) {
    words.getInitializerOrThrow().addPropertyAssignment({ name: property, initializer });
  } else {
    owner.insertProperty(owner.getPropertyOrThrow('listedUnder').getChildIndex(), {
      name: 'inWords',
      hasOverrideKeyword: true,
      isReadonly: true,
      initializer: `{ ${property}: ${initializer} }`,
    });
  }
  code.import(DISPLAY_NAMES, named);
  code.import(CONTEXT, 'currentContext');
}

/** `src/<module>/<module>.page.controller.ts`. */
export const pages = {
  path: ({ plural }) => `src/${plural}/${plural}.page.controller.ts`,

  strip(code, { names, title, hasStatus }) {
    const { Plural, SINGULAR } = names;
    const controller = `${Plural}PageController`;
    if (!hasStatus) code.dropSpreads(`${SINGULAR}_STATUSES`);
    ownerlessPages(code, names);
    code.replaceIn(code.method(controller, 'blank'), `{ status: 'planned' }`, '{}');
    code.class(controller).getMethodOrThrow('set').remove();
    if (title.property === 'name') return;
    for (const method of ['delete', 'restore']) {
      code.replaceIn(
        code.method(controller, method),
        'const { name } =',
        `const { ${title.property}: name } =`,
      );
    }
  },

  add(code, field, { names, listed }) {
    const { kind, name, property } = field;
    const controller = `${names.Plural}PageController`;
    if (kind.typed) {
      const entry = `${name}: ${kind.typed}(${names.variable}.${property}),`;
      const anchor = `version: String(${names.variable}.version)`;
      code.replaceIn(code.method(controller, 'editPage'), anchor, `${entry} ${anchor}`, entry);
      code.import('../core/http/forms/typed-values.js', kind.typed);
    }
    if (kind.offers) offer(code, field, names);
    if (kind.titled) entitle(code, field, names);
    if (kind.hasParent) preselect(code, field, controller);
    if (kind.inPlace && listed.includes(field)) changeInPlace(code, field, names);
    const fallback = blankValue(field);
    if (!fallback) return;
    const entry = `${name}: ${fallback}`;
    const blank = code.method(controller, 'blank', entry);
    const isEmpty = blank.getText().includes('Form.blank({})');
    code.replaceIn(blank, 'Form.blank({', `Form.blank({ ${entry}${isEmpty ? ' ' : ','}`, entry);
  },
};

/** The list changes a field in place. */
function changeInPlace(
  code,
  { name },
  { Plural, Singular, plural, resource, singular, variables },
) {
  const owner = code.class(`${Plural}PageController`);
  const existing = owner.getMethod('set');
  if (existing) {
    const [names] = code.calls((each) => each.getText().startsWith('inPlaceOf('));
    code.array(names.getArguments()[1]).addElement(`'${name}'`);
    return;
  }
  owner.insertMember(
    owner.getMethodOrThrow('delete').getChildIndex(),
    `/** A field changed in place, in the list, and its undo. */
@Post([':id/set', ':id/undo'])
@May('${resource}:write')
set(@Param('id') id: string, @Body(inPlaceOf(Change${Singular}Form, ['${name}'])) form: InPlaceForm, @Req() req: Request): Promise<Answer> {
const row = { path: \`/${plural}/\${id}/\`, id: idParam(id), rows: this.${variables} };
return changeInPlace(req, form, row);
}`,
  );
  for (const each of ['changeInPlace', 'inPlaceOf']) code.import(IN_PLACE, each);
  code.import(IN_PLACE, 'InPlaceForm', true);
  code.import(`./${singular}.forms.js`, `Change${Singular}Form`);
  code.import('@nestjs/common', 'Req');
  code.import('express', 'Request', true);
}

/** A select's options become part of the form's pages. */
function offer(code, field, names) {
  const controller = `${names.Plural}PageController`;
  const { offers } = field.kind;
  const name = `${field.property}Options`;
  const initializer = `await ${offers.list(field, names)}`;
  const entry = `${name}: ${initializer},`;
  const owner = code.class(controller, entry);
  if (!owner.getMethod('options')) addOptions(code, controller, names);
  take(code, owner, offers);
  use(code, offers, field, names);
  const returned = code.method(controller, 'options').getStatements().at(-1)?.getExpression?.();
  code
    .found(returned, 'what the method options returns', entry)
    .addPropertyAssignment({ name, initializer });
}

/** The title of the row that a field leads to becomes part of the page of a row. */
function entitle(code, field, names) {
  const { variable, Singular, singular, Plural } = names;
  const { property, read } = field.kind.titled(field, names);
  const entry = `${property}: await ${read(`${variable}.${field.property}`)}`;
  const controller = `${Plural}PageController`;
  const presented = `present${Singular}(${variable})`;
  if (!code.class(controller, entry).getMethod('presented')) {
    for (const method of ['show', 'editPage']) {
      const edited = code.method(controller, method, entry);
      code.replaceIn(edited, presented, `await this.presented(${variable})`, entry);
    }
    code
      .class(controller)
      .addMember(
        `private async presented(${variable}: ${Singular}) {\nreturn { ...${presented} };\n}\n`,
      );
    code.import(`./${singular}.entity.js`, Singular, true);
  }
  const edited = code.method(controller, 'presented', entry);
  code.replaceIn(edited, `...${presented}`, `...${presented}, ${entry}`, entry);
}

export function addOptions(code, controller, { plural }) {
  const edit = (method, anchor, replacement) =>
    code.replaceIn(code.method(controller, method), anchor, replacement);
  edit('blank', 'blank(): Page {', 'blank(): Promise<Page> {');
  edit(
    'newPage',
    'private newPage(form: Form<object>): Page',
    'private async newPage(form: Form<object>): Promise<Page>',
  );
  edit(
    'newPage',
    `'${plural}/new', { form }`,
    `'${plural}/new', { form, ...(await this.options(form)) }`,
  );
  edit('editPage', 'form, isStale', 'form, ...(await this.options(form)), isStale');
  code
    .class(controller)
    .addMember(
      '/** What the selects of the form offer; what is chosen is among it. */\nprivate async options({ values }: Form<object>) {\nreturn {};\n}',
    );
}

/** The parent's page leads to the form with itself chosen. */
function preselect(code, { name, property }, controller) {
  code.method(controller, 'blank').addParameter({
    name: property,
    type: 'unknown',
    hasQuestionToken: true,
    decorators: [{ name: 'Query', arguments: [`'${name}'`] }],
  });
  code.import('../core/http/forms/form.js', 'lastText');
}

/** What the form begins with, as typed. */
function blankValue({ kind, fallback, ...field }) {
  if (kind.hasParent) return `lastText(${field.property})`;
  if (kind.name === 'boolean') return fallback === 'true' ? "'1'" : undefined;
  if (kind.name === 'choice') return kind.defaultOf({ kind, fallback, ...field });
  return fallback === undefined ? undefined : `'${fallback}'`;
}
