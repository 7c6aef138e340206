import Handlebars from 'handlebars';

/** What shared partials give to the block within them, besides their arguments. */
const GIVEN_TO_BLOCK: Record<string, string[]> = { 'form/lines': ['prefix', 'number'] };

type Scope = { depth: number; given: ReadonlySet<string> };

/**
 * What a template reads of its model, also in the partials of features it includes as it is. Not looked into:
 * what stands in a loop or `with` and is about the thing there, and the shared partials, whose arguments
 * are optional.
 */
export function templateVariables(
  view: string,
  textOf: (view: string) => string,
  helpers: ReadonlySet<string>,
): Set<string> {
  const variables = new Set<string>();
  const seen = new Set<string>();

  const path = (node: hbs.AST.PathExpression, { depth, given }: Scope) => {
    const [first, second] = node.parts.map(String);
    if (node.data) {
      if (first === 'root' && second) variables.add(second);
      return;
    }
    if (first && depth === node.depth && !given.has(first)) variables.add(first);
  };

  const expression = (node: hbs.AST.Expression, scope: Scope) => {
    if (node.type === 'PathExpression') path(node as hbs.AST.PathExpression, scope);
    else if (node.type === 'SubExpression') call(node as hbs.AST.SubExpression, scope);
  };

  const call = (node: hbs.AST.SubExpression | hbs.AST.MustacheStatement, scope: Scope) => {
    args(node, scope);
    const { original } = node.path as hbs.AST.PathExpression;
    const isHelper = node.params.length > 0 || node.hash !== undefined || helpers.has(original);
    if (!isHelper) expression(node.path, scope);
  };

  const args = (node: { params: hbs.AST.Expression[]; hash?: hbs.AST.Hash }, scope: Scope) => {
    node.params.forEach((each) => expression(each, scope));
    node.hash?.pairs.forEach(({ value }) => expression(value, scope));
  };

  const partial = (node: hbs.AST.PartialStatement, scope: Scope) => {
    args(node, scope);
    const name = (node.name as hbs.AST.PathExpression).original;
    const isAsItIs = node.params.length === 0 && node.hash === undefined && scope.depth === 0;
    if (!isAsItIs || !name.includes('/partials/') || seen.has(name)) return;
    seen.add(name);
    program(Handlebars.parse(textOf(name)), scope);
  };

  const statement = (node: hbs.AST.Statement, scope: Scope) => {
    switch (node.type) {
      case 'MustacheStatement':
        return call(node as hbs.AST.MustacheStatement, scope);
      case 'PartialStatement':
        return partial(node as hbs.AST.PartialStatement, scope);
      case 'PartialBlockStatement': {
        const block = node as hbs.AST.PartialBlockStatement;
        args(block, scope);
        const { original } = block.name as hbs.AST.PathExpression;
        const given = (block.hash as hbs.AST.Hash | undefined)?.pairs.map(({ key }) => key) ?? [];
        const all = [...scope.given, ...given, ...(GIVEN_TO_BLOCK[original] ?? [])];
        return program(block.program, { ...scope, given: new Set(all) });
      }
      case 'BlockStatement': {
        const block = node as hbs.AST.BlockStatement;
        args(block, scope);
        const moves = ['each', 'with'].includes(block.path.original);
        program(block.program, moves ? { ...scope, depth: scope.depth + 1 } : scope);
        if ((block.inverse as hbs.AST.Program | undefined) !== undefined) {
          program(block.inverse, scope);
        }
      }
    }
  };

  const program = ({ body }: hbs.AST.Program, scope: Scope) => {
    body.forEach((node) => statement(node, scope));
  };

  program(Handlebars.parse(textOf(view)), { depth: 0, given: new Set() });
  return variables;
}
