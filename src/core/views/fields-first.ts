import Handlebars from 'handlebars';

/**
 * Resolves `{{number}}` to the field of that name even where a helper has the same name. Helpers are always
 * called with arguments (`{{number total}}`).
 */
export function fieldsFirst(
  program: hbs.AST.Program,
  isHelper: (word: string) => boolean,
): hbs.AST.Program {
  new FieldsFirst(isHelper).accept(program);
  return program;
}

class FieldsFirst extends Handlebars.Visitor {
  constructor(private readonly isHelper: (word: string) => boolean) {
    super();
  }

  override MustacheStatement(node: hbs.AST.MustacheStatement): void {
    const path = node.path as hbs.AST.PathExpression;
    const isBare = node.params.length === 0 && !node.hash;
    // A path with `./` is never resolved to a helper.
    if (isBare && this.isHelper(path.original)) path.original = `./${path.original}`;
    super.MustacheStatement(node);
  }
}
