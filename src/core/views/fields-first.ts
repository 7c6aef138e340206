import Handlebars from 'handlebars';

/**
 * Makes `{{number}}` the field of that name, though there is a helper of that name, too. A helper is
 * called with something (`{{number total}}`): all of ours look at what they are given.
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
    // Written with its way, a path is never taken for a helper.
    if (isBare && this.isHelper(path.original)) path.original = `./${path.original}`;
    super.MustacheStatement(node);
  }
}
