/**
 * The template's rows have an owner, a member. What that takes beside the fields themselves is taken out of a copy here,
 * by part; a module with fields of the kind `member` or `belongs-to` gets the like anew.
 */

export function ownerlessEntity(row) {
  for (const each of ['ownerId', 'owner']) row.getPropertyOrThrow(each).remove();
}

export function ownerlessDto(code, { variable }) {
  const summary = code.function(`${variable}SummaryDto`);
  code.replaceIn(summary, ' ownerName: _ownerName,', '');
}

export function ownerlessRepository(code, { Singular, Plural }) {
  code.interface(`${Singular}Row`).getPropertyOrThrow('ownerName').remove();
  code.class(`${Plural}Repository`).getPropertyOrThrow('references').remove();
  const columns =
    ' p.owner_id AS "ownerId",\n          ${memberName(\'p.owner_id\')} AS "ownerName",';
  code.replaceIn(code.method(`${Plural}Repository`, 'listed'), columns, '');
}

export function ownerlessService(code, { Plural, variable }) {
  const owner = `${Plural}Service`;
  code.class(owner).getMethodOrThrow('requireChosen').remove();
  code.class(owner).getConstructors()[0].getParameterOrThrow('members').remove();
  const required = {
    create: 'await this.requireChosen(details);',
    change: `await this.requireChosen(${variable}.details, before);`,
  };
  for (const [method, call] of Object.entries(required)) {
    code.replaceIn(code.method(owner, method), call, '');
  }
}

export function ownerlessModule(code, { Plural }) {
  const [declared] = code.class(`${Plural}Module`).getDecorators()[0].getArguments();
  const imports = code.array(code.property(declared, 'imports'));
  imports.removeElement(
    imports.getElements().findIndex((each) => each.getText() === 'MembersModule'),
  );
}

export function ownerlessPages(code, { Plural, plural, variable, Singular }) {
  const controller = `${Plural}PageController`;
  const edit = (method, anchor, replacement) =>
    code.replaceIn(code.method(controller, method), anchor, replacement);
  code.class(controller).getMethodOrThrow('options').remove();
  code.class(controller).getConstructors()[0].getParameterOrThrow('members').remove();
  edit('blank', 'blank(): Promise<Page> {', 'blank(): Page {');
  edit(
    'newPage',
    'private async newPage(form: Form<object>): Promise<Page>',
    'private newPage(form: Form<object>): Page',
  );
  edit(
    'newPage',
    `'${plural}/new', { form, ...(await this.options(form)) }`,
    `'${plural}/new', { form }`,
  );
  edit('editPage', ' ...(await this.options(form)),', '');
  code.class(controller).getMethodOrThrow('presented').remove();
  for (const method of ['show', 'editPage']) {
    edit(method, `await this.presented(${variable})`, `present${Singular}(${variable})`);
  }
}

export function ownerlessSamples(code) {
  code.constant('samples').getPropertyOrThrow('idFields').remove();
}

export function ownerlessEditing(owner) {
  owner.getPropertyOrThrow('editing').getInitializerOrThrow().getPropertyOrThrow('except').remove();
}
